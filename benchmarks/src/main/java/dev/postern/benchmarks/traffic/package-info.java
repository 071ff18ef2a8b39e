/** What reading and judging recorded traffic costs, alone and on Spark. */
@NullMarked
package dev.postern.benchmarks.traffic;

import org.jspecify.annotations.NullMarked;
