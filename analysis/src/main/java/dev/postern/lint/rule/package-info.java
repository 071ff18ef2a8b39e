/**
 * The lint rules, one class each: a code, a title and a check. A rule judges nothing that {@link dev.postern.anomaly} or the plan's tables
 * judge; it turns what they say into a finding that somebody can act on. A rule is found by being annotated as a service.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.lint.rule;

import org.jspecify.annotations.NullMarked;
