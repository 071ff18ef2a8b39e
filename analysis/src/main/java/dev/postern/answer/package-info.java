/**
 * Turns a question into an answer with its reasons. It trusts the plan, which is tested against the definition.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.answer;

import org.jspecify.annotations.NullMarked;
