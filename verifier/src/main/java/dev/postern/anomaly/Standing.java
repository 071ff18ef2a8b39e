package dev.postern.anomaly;

import dev.postern.cluster.Cluster;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;

/** What a policy would do for pods that are not here yet. */
final class Standing {

  private Standing() {}

  /** Whether some pod that could come would be isolated by this policy and, as far as selectors show, by no other. */
  static boolean isolatesAlone(Policy policy, Cluster cluster) {
    return policy.isolates().stream()
        .anyMatch(direction ->
            cluster.policies().stream().noneMatch(other -> covers(other, policy, direction)));
  }

  /** Whether whatever pod the policy selects, the other one isolates too: each of its requirements is one of the policy's. */
  private static boolean covers(Policy other, Policy policy, Direction direction) {
    return other != policy
        && other.tier() == Tier.NETWORK_POLICY
        && other.isolates().contains(direction)
        && other.namespace().equals(policy.namespace())
        && policy
            .subject()
            .pods()
            .requirements()
            .containsAll(other.subject().pods().requirements());
  }
}
