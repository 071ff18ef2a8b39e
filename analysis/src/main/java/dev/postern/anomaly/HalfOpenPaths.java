package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.algebra.Region;
import dev.postern.anomaly.Finding.Kind;
import dev.postern.meaning.Flow;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import java.util.List;
import java.util.Optional;

/** Allows that lead nowhere because the other end's own policies deny all of it: half of a path that somebody meant to open. */
final class HalfOpenPaths {

  private static final int FIRST_PEERS = 4;

  private final Plan plan;
  private final WitnessFlows witnesses;

  HalfOpenPaths(Plan plan) {
    this.plan = plan;
    this.witnesses = new WitnessFlows(plan.classes());
  }

  Optional<Finding> finding(PlanRule rule) {
    if (rule.action() != Action.ALLOW || rule.rectangles().isEmpty() || !rule.isCertain()) {
      return Optional.empty();
    }
    for (Rectangle rectangle : rule.rectangles()) {
      if (rectangle.peers().intersects(plan.classes().outsiders()) || isAlive(rule, rectangle)) {
        return Optional.empty();
      }
    }
    Rectangle first = rule.rectangles().get(0);
    Direction direction = rule.rule().direction();
    Optional<Flow> witness = first.targets().stream()
        .limit(16)
        .mapToObj(
            target -> witnesses.flow(target, direction, Region.of(first.peers(), first.traffic())))
        .flatMap(Optional::stream)
        .findFirst();
    String otherEnd = direction == Direction.INGRESS
        ? "the egress of every peer it names denies this traffic"
        : "the ingress of every peer it names denies this traffic";
    return Optional.of(Anomalies.about(Kind.HALF_OPEN, rule, otherEnd, List.of(), witness));
  }

  private boolean isAlive(PlanRule rule, Rectangle rectangle) {
    Direction other =
        rule.rule().direction() == Direction.INGRESS ? Direction.EGRESS : Direction.INGRESS;
    if (isAliveAtFirst(rectangle, other)) {
      return true;
    }
    int last = -1;
    for (int run = 0; run < rectangle.peers().runs(); run++) {
      for (int peer = rectangle.peers().runFirst(run);
          peer < rectangle.peers().runEnd(run);
          peer++) {
        int profile = plan.profile(peer, other);
        // Neighbours mostly share their table.
        if (profile != last && isAlive(plan.table(peer, other).possible(), rectangle)) {
          return true;
        }
        last = profile;
      }
    }
    return false;
  }

  /** Whether one of a few pairs of a rectangle is known to let some of its traffic pass: most are, and to ask for one pair takes no table. */
  private boolean isAliveAtFirst(Rectangle rectangle, Direction other) {
    int target = rectangle.targets().runFirst(0);
    ClassSet peers = rectangle.peers();
    for (int run = 0; run < Math.min(peers.runs(), FIRST_PEERS); run++) {
      if (!plan.possible(peers.runFirst(run), target, other)
          .intersect(rectangle.traffic())
          .isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a table lets some of a rectangle's traffic pass to or from some of its targets. */
  private static boolean isAlive(Region possible, Rectangle rectangle) {
    for (Region.Part part : possible.parts()) {
      if (part.peers().intersects(rectangle.targets())
          && !part.traffic().intersect(rectangle.traffic()).isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
