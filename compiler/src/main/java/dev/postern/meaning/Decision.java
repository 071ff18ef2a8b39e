package dev.postern.meaning;

import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import java.util.List;
import java.util.Optional;

/**
 * What one side of a flow decides, and who decided it.
 *
 * @param direction the side: egress of the source, ingress of the destination
 * @param verdict what it decides
 * @param tier the tier that decided; empty if none did, so that the flow passes, or if policies do not apply at all
 * @param causes the rules that decided; for a NetworkPolicy's denial the policies that isolate, without a rule; none if no tier decided
 */
public record Decision(
    Direction direction, FlowVerdict verdict, Optional<Tier> tier, List<Cause> causes) {

  public Decision {
    causes = List.copyOf(causes);
  }

  /**
   * A policy, and which of its rules, if it is one of them.
   *
   * @param policy the policy
   * @param rule its rule; empty where the policy decides by isolating
   */
  public record Cause(Policy policy, Optional<PolicyRule> rule) {}
}
