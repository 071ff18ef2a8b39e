/**
 * The rule algebra: sets of endpoint classes, and the traffic that passes to each of them. Values are canonical, so equal meaning is an
 * equal value. Nothing here knows the origin of a rule.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.algebra;

import org.jspecify.annotations.NullMarked;
