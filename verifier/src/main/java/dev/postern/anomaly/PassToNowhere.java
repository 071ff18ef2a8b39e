package dev.postern.anomaly;

import dev.postern.algebra.Rectangle;
import dev.postern.algebra.Region;
import dev.postern.anomaly.Finding.Kind;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Tier;
import java.util.List;
import java.util.Optional;

/** Passes to lower tiers that have no say in what is passed, so that it ends in the default: an allow in disguise. */
final class PassToNowhere {

  private PassToNowhere() {}

  static Optional<Finding> finding(Plan plan, PlanRule rule) {
    if (rule.action() != Action.PASS) {
      return Optional.empty();
    }
    Direction direction = rule.rule().direction();
    for (Rectangle passed : rule.rectangles()) {
      if (rule.policy().tier() == Tier.ADMIN
          && passed.targets().intersects(plan.isolated(direction))) {
        return Optional.empty();
      }
      for (PlanRule lower : plan.rules()) {
        boolean below =
            rule.policy().tier() == Tier.ADMIN && lower.policy().tier() == Tier.BASELINE;
        if (below
            && lower.rule().direction() == direction
            && lower.rectangles().stream().anyMatch(r -> overlap(r, passed))) {
          return Optional.empty();
        }
      }
    }
    String explanation =
        "no lower tier has a rule for what this passes on, so it is allowed by default";
    return Optional.of(
        Anomalies.about(Kind.PASS_TO_NOWHERE, rule, explanation, List.of(), Optional.empty()));
  }

  private static boolean overlap(Rectangle one, Rectangle other) {
    return one.targets().intersects(other.targets())
        && !Region.of(one.peers(), one.traffic())
            .intersect(Region.of(other.peers(), other.traffic()))
            .isEmpty();
  }
}
