package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.algebra.Region;
import dev.postern.anomaly.Finding.Kind;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.Flow;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pairs of rules in admin policies of one tier and priority that decide the same traffic differently. Only what reaches both counts: not
 * what an earlier priority, or an earlier rule of the same policy, has decided.
 */
final class Conflicts {

  private final Plan plan;
  private final Witnesses witnesses;
  private final List<Finding> findings = new ArrayList<>();
  private final Region everything;

  private Conflicts(Plan plan) {
    this.plan = plan;
    this.witnesses = new Witnesses(plan.classes());
    this.everything = Region.of(plan.classes().everyone(), Traffic.ALL);
  }

  static List<Finding> of(Plan plan) {
    Conflicts conflicts = new Conflicts(plan);
    for (Direction direction : Direction.values()) {
      for (Tier tier : new Tier[] {Tier.ADMIN, Tier.BASELINE}) {
        conflicts.find(tier, direction);
      }
    }
    return conflicts.findings;
  }

  private void find(Tier tier, Direction direction) {
    List<PlanRule> rules = plan.rules().stream()
        .filter(r -> r.policy().tier() == tier && r.rule().direction() == direction)
        .toList();
    for (int i = 0; i < rules.size(); i++) {
      for (int j = i + 1;
          j < rules.size()
              && rules.get(j).policy().priority() == rules.get(i).policy().priority();
          j++) {
        PlanRule one = rules.get(i);
        PlanRule other = rules.get(j);
        if (one.policy() != other.policy() && one.action() != other.action()) {
          witness(rules, one, other, tier, direction)
              .ifPresent(flow -> findings.add(conflict(one, other, flow)));
        }
      }
    }
  }

  private Optional<Flow> witness(
      List<PlanRule> rules, PlanRule one, PlanRule other, Tier tier, Direction direction) {
    for (Rectangle a : one.rectangles()) {
      for (Rectangle b : other.rectangles()) {
        ClassSet targets = a.targets().intersect(b.targets());
        Region common =
            Region.of(a.peers(), a.traffic()).intersect(Region.of(b.peers(), b.traffic()));
        if (targets.isEmpty() || common.isEmpty()) {
          continue;
        }
        for (int number : targets.stream().toArray()) {
          if (tier == Tier.BASELINE && plan.isolated(direction).contains(number)) {
            continue;
          }
          Region left = common
              .minus(decidedBefore(rules, number, one))
              .minus(decidedBefore(rules, number, other));
          if (tier == Tier.BASELINE) {
            left = left.intersect(leftByAdmin(number, direction));
          }
          Optional<Flow> flow = witnesses.flow(number, direction, left);
          if (flow.isPresent()) {
            return flow;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** What earlier priorities, and earlier rules of the rule's own policy, decide at a class. */
  private static Region decidedBefore(List<PlanRule> rules, int number, PlanRule rule) {
    Policy policy = rule.policy();
    Region decided = Region.EMPTY;
    for (PlanRule earlier : rules) {
      if (earlier == rule) {
        break;
      }
      if (earlier.policy() == policy || earlier.policy().priority() < policy.priority()) {
        decided = decided.union(Lane.region(earlier, number, false));
      }
    }
    return decided;
  }

  private Region leftByAdmin(int number, Direction direction) {
    List<Lane.Entry> entries = plan.rules().stream()
        .filter(r -> r.policy().tier() == Tier.ADMIN && r.rule().direction() == direction)
        .map(r -> new Lane.Entry(r, Lane.region(r, number, false)))
        .toList();
    return Ladder.of(entries, everything, everything).left();
  }

  private static Finding conflict(PlanRule one, PlanRule other, Flow flow) {
    String explanation =
        "%s and %s have the same priority %d and decide the same traffic differently; which wins is undefined, the stricter is assumed"
            .formatted(one.policy(), other.policy(), one.policy().priority());
    List<Cause> because = List.of(new Cause(other.policy(), Optional.of(other.rule())));
    return Anomalies.about(Kind.CONFLICT, one, explanation, because, Optional.of(flow));
  }
}
