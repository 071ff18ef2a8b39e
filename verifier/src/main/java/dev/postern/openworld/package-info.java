/**
 * Turns a question about all possible pods, or a change of policies, into a formula over labels, names of ports and addresses, and Z3's
 * answer into a proof of "never" or "no difference", or into pods as an example. It trusts Z3 for "never"; an example is replayed on
 * {@link dev.postern.meaning.Reference} before it is shown.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.openworld;

import org.jspecify.annotations.NullMarked;
