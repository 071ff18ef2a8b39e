/**
 * Turns sets of endpoints into short, exact descriptions by namespaces and labels. The exposure of workloads and the matrix by labels use
 * it.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.summary;

import org.jspecify.annotations.NullMarked;
