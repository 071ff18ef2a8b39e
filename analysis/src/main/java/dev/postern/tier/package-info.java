/**
 * How the tiers of policies come to a decision, once for every witness that is neither the definition ({@link dev.postern.meaning.Reference})
 * nor the plan: over a Boolean algebra, so that bits, sentences and formulas all decide alike. Knows nothing of a plan.
 */
@NullMarked
package dev.postern.tier;

import org.jspecify.annotations.NullMarked;
