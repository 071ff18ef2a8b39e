/**
 * The lint rules, with one class for each: a code, a title and a check. A rule does not repeat the decisions of {@link dev.postern.anomaly}
 * or of the plan's tables; it turns them into a finding. Rules are discovered by their annotation as a service.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.lint.rule;

import org.jspecify.annotations.NullMarked;
