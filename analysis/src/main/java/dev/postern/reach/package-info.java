/**
 * Turns a plan into reachability: for one flow, for one pair, or for all pairs as a stream of rows. It trusts the plan's tables; its
 * verdicts are tested against {@link dev.postern.meaning.Reference}, one by one.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.reach;

import org.jspecify.annotations.NullMarked;
