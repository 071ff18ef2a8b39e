/**
 * Reads OVN's match expressions as ovn-controller does: what it rejects is rejected here, with the place. It trusts nothing it is given
 * and shares nothing with what writes expressions.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.ovn.match;

import org.jspecify.annotations.NullMarked;
