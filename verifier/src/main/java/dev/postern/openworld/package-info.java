/**
 * Turns a question about pods that could ever be, or a change of policies, into a formula over their labels, names of ports and addresses, and
 * Z3's answer into a proof of "never" or "no difference", or pods that show how. It trusts Z3 for "never"; a pod that it shows is replayed on
 * {@link dev.postern.meaning.Reference} first.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.openworld;

import org.jspecify.annotations.NullMarked;
