package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
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
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What NetworkPolicies that are there already do about subjects and calls. */
final class ExistingPolicies {

  private final Map<String, List<Policy>> byNamespace = new HashMap<>();
  private final Reference reference;
  private final Map<Flow, Judgement> judged = new IdentityHashMap<>();

  ExistingPolicies(Cluster cluster, Options options) {
    List<Policy> policies = cluster.policies().stream()
        .filter(policy -> policy.tier() == Tier.NETWORK_POLICY)
        .toList();
    policies.forEach(policy ->
        byNamespace.computeIfAbsent(policy.namespace(), n -> new ArrayList<>()).add(policy));
    this.reference = new Reference(cluster.withPolicies(policies).withUnread(List.of()), options);
  }

  /** Whether all pods of a subject are isolated in a direction. */
  boolean isolate(SubjectPods subject, Direction direction) {
    return subject.meant().stream().allMatch(workload -> isolate(workload, direction));
  }

  private boolean isolate(Workload workload, Direction direction) {
    return byNamespace.getOrDefault(workload.namespace(), List.of()).stream()
        .anyMatch(policy -> policy.isolates().contains(direction)
            && policy.subject().pods().matches(workload.labels()));
  }

  /** Whether all flows of a call pass on one side. */
  boolean pass(Call call, Direction direction) {
    return call.flows().stream().allMatch(flow -> {
      Judgement judgement = judged.computeIfAbsent(flow, reference::judge);
      Decision side = direction == Direction.EGRESS ? judgement.egress() : judgement.ingress();
      return side.verdict() == FlowVerdict.ALLOWED;
    });
  }
}
