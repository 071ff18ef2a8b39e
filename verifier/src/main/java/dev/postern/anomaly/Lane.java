package dev.postern.anomaly;

import dev.postern.algebra.Rectangle;
import dev.postern.algebra.Region;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * All rules that concern one class in one direction, in order, each with the region it covers there.
 *
 * @param admin the Admin tier
 * @param networkPolicies NetworkPolicy rules, without order
 * @param isolated whether a NetworkPolicy isolates the class
 * @param baseline the Baseline tier
 * @param underNetworkPolicies what the Admin tier leaves to the tiers below: undecided, or passed
 */
record Lane(
    Ladder admin,
    List<Entry> networkPolicies,
    boolean isolated,
    Ladder baseline,
    Region underNetworkPolicies) {

  /** A rule with what it covers at the class. */
  record Entry(PlanRule rule, Region region) {}

  static Lane of(
      List<PlanRule> rules, int number, boolean isolated, boolean withNames, Region everything) {
    List<Entry> admin = new ArrayList<>();
    List<Entry> middle = new ArrayList<>();
    List<Entry> baseline = new ArrayList<>();
    for (PlanRule rule : rules) {
      Tier tier = rule.policy().tier();
      (tier == Tier.ADMIN ? admin : tier == Tier.BASELINE ? baseline : middle)
          .add(new Entry(rule, region(rule, number, withNames)));
    }
    // The Admin tier leaves the same to the others whatever they do, so a ladder over anything
    // tells what it leaves.
    Region left = isolated || !baseline.isEmpty()
        ? Ladder.of(admin, everything, everything).left()
        : everything;
    Ladder low = Ladder.of(baseline, isolated ? Region.EMPTY : left, everything);
    Region below = isolated ? union(middle) : low.passing().get(0);
    return new Lane(Ladder.of(admin, everything, below), middle, isolated, low, left);
  }

  /** What a rule covers at a class. */
  static Region region(PlanRule rule, int number, boolean withNames) {
    Region region = region(rule.rectangles(), number);
    return withNames ? region.union(region(rule.byName(), number)) : region;
  }

  private static Region region(List<Rectangle> rectangles, int target) {
    Region region = Region.EMPTY;
    for (Rectangle rectangle : rectangles) {
      if (rectangle.targets().contains(target)) {
        region = region.union(Region.of(rectangle.peers(), rectangle.traffic()));
      }
    }
    return region;
  }

  static Region union(List<Entry> entries) {
    Region union = Region.EMPTY;
    for (Entry entry : entries) {
      union = union.union(entry.region);
    }
    return union;
  }
}
