package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.meaning.Undetermined;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.reach.NotRead;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why two clusters may differ in more than their policies, as far as they were understood, show. */
public final class UndecidedReason {

  private UndecidedReason() {}

  /** A sentence; empty if what was read is all that decides. */
  public static Optional<String> between(Cluster before, Cluster after) {
    return between(
        ScannedCluster.of(before),
        ScannedCluster.of(after),
        ChangedPolicies.of(
            PolicyChanges.lacking(before.policies(), after.policies()),
            PolicyChanges.lacking(after.policies(), before.policies())));
  }

  /** A sentence; empty if what was read is all that decides. */
  static Optional<String> between(
      ClusterLookup before, ClusterLookup after, ChangedPolicies policies) {
    List<UnreadPolicy> unread = Stream.concat(before.unread().stream(), after.unread().stream())
        .filter(UnreadPolicy::matters)
        .toList();
    if (!unread.isEmpty()) {
      ClusterLookup more =
          before.unread().stream().noneMatch(UnreadPolicy::matters) ? after : before;
      return Optional.of(String.join("; ", NotRead.notes(more.unread())));
    }
    Set<Policy> changed = policies.saying().collect(Collectors.toCollection(LinkedHashSet::new));
    if (restsOnLabels(before, changed) || restsOnLabels(after, changed)) {
      return Optional.of(
          "changed policies look at labels of namespaces that no manifest declares, and those are not known");
    }
    // Each cluster has nodes: where none is told of it is not that none would match.
    return before.nodes().isEmpty()
            && after.nodes().isEmpty()
            && changed.stream().anyMatch(UndecidedReason::selectsNodes)
        ? Optional.of("changed policies select nodes, and no manifest holds a Node")
        : Optional.empty();
  }

  private static boolean selectsNodes(Policy policy) {
    return policy.egress().stream()
        .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf any
            && any.peers().stream().anyMatch(Peer.Nodes.class::isInstance));
  }

  private static boolean restsOnLabels(ClusterLookup cluster, Set<Policy> changed) {
    List<Namespace> undeclared = cluster.undeclared();
    if (undeclared.isEmpty() || changed.isEmpty()) {
      return false;
    }
    // Where a policy lies is not for its rules to know; a namespace that is declared is left alone.
    Cluster only = Cluster.of(
        Stream.concat(
                undeclared.stream(),
                changed.stream()
                    .filter(policy -> policy.kind().namespaced())
                    .map(policy -> cluster.namespace(policy.namespace())))
            .distinct()
            .toList(),
        List.of(),
        changed);
    return !Undetermined.in(only).policies().equals(only.policies());
  }
}
