/**
 * Reads dumps of dataplanes and prints proofs about them. It knows all readers; it proves nothing itself.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.proof;

import org.jspecify.annotations.NullMarked;
