package dev.postern.ovn;

import dev.postern.algebra.Region;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.plan.TierDecision;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is decided in one tier of OVN's: by one tier of the policies, where OVN has tiers; by all of them, worked through beforehand, where it
 * has none or all is to be in one. OVN's own tiers have the numbers that OVN-Kubernetes uses for the same purpose, and what passes whatever
 * policies say comes before them in tier 0.
 */
final class TierTables {

  private final Plan plan;
  private final Direction direction;
  private final Set<Tier> tiers;
  private final OptionalInt number;
  private final boolean last;
  private final Map<Integer, TierDecision> known = new HashMap<>();

  private TierTables(
      Plan plan, Direction direction, Set<Tier> tiers, OptionalInt number, boolean last) {
    this.plan = plan;
    this.direction = direction;
    this.tiers = tiers;
    this.number = number;
    this.last = last;
  }

  /** The tiers of a direction in which anything is decided, in order. */
  static List<TierTables> of(Plan plan, Direction direction, OvnOptions options) {
    if (!options.isTiered()) {
      return List.of(
          new TierTables(plan, direction, EnumSet.allOf(Tier.class), options.tier(), true));
    }
    EnumSet<Tier> speaking = EnumSet.noneOf(Tier.class);
    for (Policy policy : plan.cluster().policies()) {
      if (policy.isolates().contains(direction) || !policy.rules(direction).isEmpty()) {
        speaking.add(policy.tier());
      }
    }
    List<TierTables> tables = new ArrayList<>();
    for (Tier tier : speaking) {
      boolean last = speaking.stream().noneMatch(other -> other.compareTo(tier) > 0);
      tables.add(new TierTables(
          plan, direction, EnumSet.of(tier), OptionalInt.of(1 + tier.ordinal()), last));
    }
    return tables;
  }

  /** The tiers of policies that decide here. */
  Set<Tier> tiers() {
    return tiers;
  }

  /** OVN's tier, if the column is to be set. */
  OptionalInt number() {
    return number;
  }

  /** Whether what is not decided here passes. */
  boolean isLast() {
    return last;
  }

  /** A part of names: which of the policies' tiers, where they are apart. */
  String word() {
    return tiers.size() == 1 ? Integer.toString(number.orElse(0)) : "";
  }

  /** What is decided at the classes of a profile. */
  TierDecision decided(int profile) {
    return known.computeIfAbsent(profile, this::compute);
  }

  private TierDecision compute(int profile) {
    if (tiers.size() == 1) {
      return plan.decided(profile, direction, tiers.iterator().next());
    }
    Region everything = Region.of(plan.classes().everyone(), Traffic.ALL);
    Region allowed = plan.ofProfile(profile, direction).allowed();
    return new TierDecision(allowed, everything.minus(allowed));
  }
}
