package dev.postern.diff;

import dev.postern.algebra.ClassSet;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Direction;

/**
 * One version of a cluster: a plan, but at some classes what another plan over the same classes says.
 *
 * @param plan what holds at all other classes
 * @param there what holds at these classes
 * @param where these classes
 * @param isCertain whether it is known of every rule whom it concerns
 */
record PlannedVersion(Plan plan, Plan there, ClassSet where, boolean isCertain) {

  static PlannedVersion of(Plan plan) {
    return new PlannedVersion(plan, plan, ClassSet.EMPTY, isCertain(plan));
  }

  static boolean isCertain(Plan plan) {
    return plan.rules().stream().allMatch(PlanRule::isCertain);
  }

  /** What holds at a class. */
  Plan at(int number) {
    return where.contains(number) ? there : plan;
  }

  boolean isIsolated(int number, Direction direction) {
    return at(number).isolated(direction).contains(number);
  }
}
