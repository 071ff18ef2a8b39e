/**
 * The rule algebra: sets of endpoint classes, and which traffic passes to which of them. Values are canonical, so that equal meaning is an
 * equal value, and nothing here knows where a rule came from.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.algebra;

import org.jspecify.annotations.NullMarked;
