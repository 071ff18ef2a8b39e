/**
 * Turns a question about pods that could ever be into a formula over their labels, names of ports and addresses, and Z3's answer into a
 * proof of "never" or a pod that shows how. It trusts Z3 for "never"; a pod that it shows is replayed on
 * {@link dev.postern.meaning.Reference} first.
 */
@NullMarked
package dev.postern.openworld;

import org.jspecify.annotations.NullMarked;
