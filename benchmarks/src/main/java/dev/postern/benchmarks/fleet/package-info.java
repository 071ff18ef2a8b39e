/** Measures the analysis of fleets of clusters. */
@NullMarked
package dev.postern.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
