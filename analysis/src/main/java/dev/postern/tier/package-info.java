/**
 * How the tiers of policies come to a decision, once for every witness that is neither the definition ({@link dev.postern.meaning.Reference})
 * nor the plan: over a Boolean algebra, so that bits, sentences and formulas all decide alike. Knows nothing of a plan.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.tier;

import org.jspecify.annotations.NullMarked;
