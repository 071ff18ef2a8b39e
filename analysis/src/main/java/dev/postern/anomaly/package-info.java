/**
 * Finds rules that do not do what their author must have meant: shadowed, redundant, pointless, in conflict, matching nobody. Exact over the
 * classes of a plan: a rule is called redundant only if no table changes without it, and then always.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.anomaly;

import org.jspecify.annotations.NullMarked;
