package dev.postern.cli.policies;

import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rule of a policy; or that a policy isolates a direction and has no rule for it, or selects pods and says nothing.
 *
 * @param policy the policy
 * @param direction the side; absent if the policy has no rule and isolates nothing
 * @param rule the rule; absent if none allows anything
 */
record PolicyRow(Policy policy, Optional<Direction> direction, Optional<PolicyRule> rule) {

  /** What happens to the traffic of the row. */
  enum Effect {
    allow,
    deny,
    pass,
    /** No rule of the policy allows anything in a direction that it isolates; another policy may. */
    isolate,
    /** A rule in a direction that its policy does not isolate. */
    nothing
  }

  /** The rows of all policies, in the order in which they are judged. */
  static List<PolicyRow> of(List<Policy> policies) {
    List<PolicyRow> rows = new ArrayList<>();
    for (Policy policy : policies) {
      int before = rows.size();
      for (Direction direction : Direction.values()) {
        List<PolicyRule> rules = policy.rules(direction);
        rules.forEach(
            rule -> rows.add(new PolicyRow(policy, Optional.of(direction), Optional.of(rule))));
        if (rules.isEmpty() && policy.isolates().contains(direction)) {
          rows.add(new PolicyRow(policy, Optional.of(direction), Optional.empty()));
        }
      }
      if (rows.size() == before) {
        rows.add(new PolicyRow(policy, Optional.empty(), Optional.empty()));
      }
    }
    return rows;
  }

  Effect effect() {
    if (direction.isEmpty()) {
      return Effect.nothing;
    }
    if (rule.isEmpty()) {
      return Effect.isolate;
    }
    if (!policy.appliesTo(direction.get())) {
      return Effect.nothing;
    }
    Action action = rule.get().action();
    return switch (action) {
      case ALLOW -> Effect.allow;
      case DENY -> Effect.deny;
      case PASS -> Effect.pass;
    };
  }
}
