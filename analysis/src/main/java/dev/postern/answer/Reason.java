package dev.postern.answer;

import dev.postern.diagnostic.Origin;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy that had a say in a verdict.
 *
 * @param direction the side it decides: egress of the source, ingress of the destination
 * @param policy the policy
 * @param rule the rule that matches; empty where a NetworkPolicy denies by isolating its pods
 */
public record Reason(Direction direction, Policy policy, Optional<PolicyRule> rule) {

  /**
   * Who decided a flow. If it is denied, the sides that deny it; else both.
   */
  public static List<Reason> of(Judgement judgement) {
    List<Reason> reasons = new ArrayList<>();
    for (Decision decision : List.of(judgement.egress(), judgement.ingress())) {
      if (judgement.verdict() != FlowVerdict.DENIED || decision.verdict() == FlowVerdict.DENIED) {
        decision.causes().stream()
            .filter(cause -> cause.policy().kind() != PolicyKind.UNDETERMINED)
            .forEach(cause ->
                reasons.add(new Reason(decision.direction(), cause.policy(), cause.rule())));
      }
    }
    return reasons;
  }

  /** Where it was written: the rule, or the policy where no rule matches. */
  public Origin origin() {
    return rule.map(PolicyRule::origin).orElse(policy.origin());
  }

  /** {@code ALLOW}, {@code DENY} or {@code PASS} of a rule; {@code DENY} for isolation. */
  public Action action() {
    return rule.map(PolicyRule::action).orElse(Action.DENY);
  }

  /** {@code shop/allow-frontend-to-db ingress[0] (shop.yaml:48:7)}. */
  @Override
  public String toString() {
    String place = origin().toString();
    return policy.id()
        + " "
        + rule.map(PolicyRule::field).orElse("isolates " + direction.field())
        + (place.isEmpty() ? "" : " (" + place + ")");
  }
}
