package dev.postern.lint;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.List;

/** The dash too many: a {@code namespaceSelector} and a {@code podSelector} as two peers, where one peer with both was meant. */
final class SplitPeer {

  private SplitPeer() {}

  static List<Diagnostic> of(Cluster cluster) {
    List<Diagnostic> found = new ArrayList<>();
    for (Policy policy : cluster.policies()) {
      if (policy.tier() != Tier.NETWORK_POLICY) {
        continue;
      }
      for (Direction direction : Direction.values()) {
        policy.rules(direction).forEach(rule -> rule(policy, rule, found));
      }
    }
    return found;
  }

  private static void rule(Policy policy, PolicyRule rule, List<Diagnostic> found) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return;
    }
    String list = rule.direction() == Direction.INGRESS ? "from" : "to";
    for (int i = 0; i + 1 < any.peers().size(); i++) {
      Peer here = any.peers().get(i);
      Peer next = any.peers().get(i + 1);
      if (isNamespacesOnly(here) && isOwnPodsOnly(next)) {
        String field = rule.field() + "." + list + "[" + i + "] and [" + (i + 1) + "]";
        found.add(Code.SPLIT_PEER
            .at(next.origin(), policy.toString(), field)
            .hint("if both must hold, write one peer: drop the `-` before this `podSelector`"));
      }
    }
  }

  private static boolean isNamespacesOnly(Peer peer) {
    return peer instanceof Peer.Pods pods
        && pods.namespaces() instanceof NamespaceSelection.Matching
        && pods.pods().isEverything();
  }

  private static boolean isOwnPodsOnly(Peer peer) {
    return peer instanceof Peer.Pods pods
        && pods.namespaces() instanceof NamespaceSelection.Named
        && !pods.pods().isEverything();
  }
}
