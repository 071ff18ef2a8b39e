package dev.postern.plan;

import dev.postern.algebra.Region;

/**
 * What one tier decides in one direction at the endpoints of one class. What is in neither region is left to the tiers after it.
 *
 * @param allowed what passes, whatever later tiers say
 * @param denied what does not; disjoint from {@code allowed}
 */
public record TierDecision(Region allowed, Region denied) {

  /** Leaves everything to the tiers after it. */
  public static final TierDecision NOTHING = new TierDecision(Region.EMPTY, Region.EMPTY);
}
