/** Measures reading and judging recorded traffic, on one machine and on Spark. */
@NullMarked
package dev.postern.benchmarks.traffic;

import org.jspecify.annotations.NullMarked;
