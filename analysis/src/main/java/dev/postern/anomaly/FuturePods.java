package dev.postern.anomaly;

import dev.postern.cluster.Cluster;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What policies would do for pods that are not here yet. */
final class FuturePods {

  private final Map<String, List<Policy>> byNamespace = new HashMap<>();

  FuturePods(Cluster cluster) {
    for (Policy policy : cluster.policies()) {
      if (policy.tier() == Tier.NETWORK_POLICY) {
        byNamespace
            .computeIfAbsent(policy.namespace(), name -> new ArrayList<>())
            .add(policy);
      }
    }
  }

  /** Whether some pod that could come would be isolated by this policy and, as far as selectors show, by no other. */
  boolean isolatesAlone(Policy policy) {
    return policy.isolates().stream()
        .anyMatch(direction -> byNamespace.getOrDefault(policy.namespace(), List.of()).stream()
            .noneMatch(other -> LastingCoverage.isolates(other, policy, direction)));
  }
}
