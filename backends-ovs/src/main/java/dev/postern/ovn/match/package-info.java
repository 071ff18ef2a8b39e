/**
 * Parses OVN's match expressions as ovn-controller does: it rejects the same expressions, with the position. It trusts no input and shares
 * no code with the writer of expressions.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.ovn.match;

import org.jspecify.annotations.NullMarked;
