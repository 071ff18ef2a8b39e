/** What looking at fleets of clusters costs. */
@NullMarked
package dev.postern.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
