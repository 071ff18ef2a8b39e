/**
 * Turns a seed and a scale into clusters with the shapes of large or difficult real clusters, for benchmarks and, scaled down, for tests.
 * Equal arguments give equal clusters on every machine.
 */
@NullMarked
package dev.postern.testing.shape;

import org.jspecify.annotations.NullMarked;
