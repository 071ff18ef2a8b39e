/**
 * Turns a seed and a scale into clusters shaped like those that are large or hard in the field, for benchmarks and, scaled down, tests.
 * Sizes at scale 1 are published in docs/performance.md; equal arguments give equal clusters on every machine.
 */
@NullMarked
package dev.postern.testing.shape;

import org.jspecify.annotations.NullMarked;
