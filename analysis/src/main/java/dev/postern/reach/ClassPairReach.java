package dev.postern.reach;

import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;

/** What passes between two classes, found without tables. */
final class ClassPairReach {

  private ClassPairReach() {}

  static Reach between(Plan plan, int source, int destination) {
    Traffic allowed = plan.allowed(source, destination, Direction.EGRESS)
        .intersect(plan.allowed(destination, source, Direction.INGRESS));
    return plan.isCertain(source, Direction.EGRESS)
            && plan.isCertain(destination, Direction.INGRESS)
        ? Reach.certain(allowed)
        : new Reach(
            allowed,
            plan.possible(source, destination, Direction.EGRESS)
                .intersect(plan.possible(destination, source, Direction.INGRESS)));
  }

  /** What one side's policies let pass: those of the subject, with the peer at the other end. */
  static Reach oneSided(Plan plan, int subject, int peer, Direction direction) {
    Traffic allowed = plan.allowed(subject, peer, direction);
    return plan.isCertain(subject, direction)
        ? Reach.certain(allowed)
        : new Reach(allowed, plan.possible(subject, peer, direction));
  }
}
