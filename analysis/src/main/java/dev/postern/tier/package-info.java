/**
 * Evaluates the tiers of policies over a Boolean algebra, so that bits, sentences and formulas are all evaluated in the same way. All
 * witnesses except the definition ({@link dev.postern.meaning.Reference}) and the plan use it. It does not depend on the plan.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.tier;

import org.jspecify.annotations.NullMarked;
