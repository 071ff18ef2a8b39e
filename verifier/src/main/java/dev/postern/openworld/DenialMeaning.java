package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the definition says of a flow if only some policies deny, and what the others allow stays: a NetworkPolicy then isolates nothing, and
 * of an ordered policy a denial is as if no rule of it matched.
 */
record DenialMeaning(Cluster cluster, Options options, Collection<Policy> policies) {

  /** Whether the flow passes, or may by a DNS name. */
  boolean lets(Flow flow) {
    return lets(flow, Direction.EGRESS) && lets(flow, Direction.INGRESS);
  }

  private boolean lets(Flow flow, Direction direction) {
    List<Policy> ordered = new ArrayList<>();
    List<Policy> middle = new ArrayList<>();
    boolean isolated = false;
    for (Policy policy : cluster.policies()) {
      boolean denies = isOneOf(policy);
      if (policy.tier() == Tier.NETWORK_POLICY) {
        middle.add(policy);
        isolated |= denies && isDenied(flow, direction, List.of(withoutRules(policy)));
      } else if (denies || !isDenied(flow, direction, List.of(policy))) {
        ordered.add(policy);
      }
    }
    List<Policy> all = new ArrayList<>(ordered);
    all.addAll(middle);
    return !isDenied(flow, direction, all) || (!isolated && !isDenied(flow, direction, ordered));
  }

  private boolean isOneOf(Policy policy) {
    return policies.stream().anyMatch(each -> each == policy);
  }

  private boolean isDenied(Flow flow, Direction direction, List<Policy> only) {
    Judgement judgement = new Reference(cluster.withPolicies(only), options).judge(flow);
    Decision decision = direction == Direction.EGRESS ? judgement.egress() : judgement.ingress();
    return decision.verdict() == FlowVerdict.DENIED;
  }

  private static Policy withoutRules(Policy policy) {
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        policy.priority(),
        policy.subject(),
        policy.isolates(),
        List.of(),
        List.of(),
        policy.origin());
  }
}
