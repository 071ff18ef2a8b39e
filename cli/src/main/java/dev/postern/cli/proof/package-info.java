/**
 * Turns dumps of dataplanes into claims, and proofs of them into text. It knows which readers there are; it proves nothing itself.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.proof;

import org.jspecify.annotations.NullMarked;
