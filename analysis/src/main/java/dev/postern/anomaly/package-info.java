/**
 * Finds rules that do not have their intended effect: shadowed, redundant, pointless, conflicting, or matching no pod. It is exact over the
 * classes of a plan: a rule is redundant if and only if no table changes without it.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.anomaly;

import org.jspecify.annotations.NullMarked;
