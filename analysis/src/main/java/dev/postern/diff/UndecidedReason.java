package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Undetermined;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.reach.NotRead;
import dev.postern.selector.Selector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
                PolicyChanges.lacking(after.policies(), before.policies())))
        .or(() -> ofDeclarations(before, after));
  }

  /** That policies look at labels of namespaces that one cluster declares and the other does not, whether the policies changed or not. */
  static Optional<String> ofDeclarations(Cluster before, Cluster after) {
    Set<String> once = new TreeSet<>();
    Stream.of(before, after)
        .flatMap(cluster -> cluster.namespaces().values().stream())
        .filter(namespace -> !namespace.declared())
        .map(Namespace::name)
        .filter(name -> declares(before, name) || declares(after, name))
        .forEach(once::add);
    List<String> looked = once.stream()
        .filter(name -> Stream.of(before, after)
            .filter(cluster -> cluster.namespaces().containsKey(name) && !declares(cluster, name))
            .anyMatch(cluster -> restsOnLabels(
                ScannedCluster.of(cluster),
                List.of(cluster.namespace(name)),
                new LinkedHashSet<>(cluster.policies()))))
        .toList();
    return looked.isEmpty()
        ? Optional.empty()
        : Optional.of("policies look at labels of " + NotRead.namespaces(looked)
            + ", which one side alone declares");
  }

  private static boolean declares(Cluster cluster, String name) {
    Namespace namespace = cluster.namespaces().get(name);
    return namespace != null && namespace.declared();
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
    if (restsOnLabels(before, before.undeclared(), changed)
        || restsOnLabels(after, after.undeclared(), changed)) {
      return Optional.of(
          "changed policies look at labels of namespaces that no manifest declares, and those are not known");
    }
    if (namesOf(policies, policies.removed()).equals(namesOf(policies, policies.added()))) {
      // Each cluster has nodes: where none is told of it is not that none would match.
      return ofNodes(before, after, policies.in(Direction.EGRESS));
    }
    return Optional.of("changed policies name domains, whose addresses are not known");
  }

  /** What rules say of domain names: the same of the same in both versions changes nothing. */
  private static List<List<Object>> namesOf(ChangedPolicies policies, List<Policy> some) {
    Set<String> saying = policies
        .saying()
        .filter(UndecidedReason::namesDomains)
        .map(Policy::toString)
        .collect(Collectors.toSet());
    return some.stream()
        .filter(policy -> saying.contains(policy.toString()))
        .flatMap(policy -> policy.egress().stream()
            .filter(UndecidedReason::namesDomains)
            .map(rule -> List.<Object>of(
                policy.toString(),
                policy.priority(),
                policy.subject(),
                rule.index(),
                rule.action(),
                domains(rule),
                rule.ports())))
        .toList();
  }

  private static boolean namesDomains(Policy policy) {
    return policy.egress().stream().anyMatch(UndecidedReason::namesDomains);
  }

  private static boolean namesDomains(PolicyRule rule) {
    return !domains(rule).isEmpty();
  }

  private static List<List<String>> domains(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        ? any.peers().stream()
            .flatMap(peer ->
                peer instanceof Peer.DomainNames named ? Stream.of(named.names()) : Stream.empty())
            .toList()
        : List.of();
  }

  /** What is not told of nodes that policies select otherwise than before. */
  private static Optional<String> ofNodes(
      ClusterLookup before, ClusterLookup after, PolicyChanges changes) {
    if (Stream.concat(changes.removed().stream(), changes.added().stream())
        .flatMap(policy -> policy.egress().stream())
        .allMatch(rule -> selectors(rule).isEmpty())) {
      return Optional.empty();
    }
    List<Node> nodes =
        Stream.concat(before.nodes().stream(), after.nodes().stream()).toList();
    if (nodes.isEmpty()) {
      return Optional.of("changed policies select nodes, and no manifest holds a Node");
    }
    Map<List<Object>, Set<String>> was = selected(changes.removed(), nodes);
    Map<List<Object>, Set<String>> is = selected(changes.added(), nodes);
    if (was.equals(is)) {
      return Optional.empty();
    }
    Set<String> names = new HashSet<>();
    was.values().forEach(names::addAll);
    is.values().forEach(names::addAll);
    if (nodes.stream()
        .anyMatch(node -> names.contains(node.name()) && node.addresses().isEmpty())) {
      return Optional.of(
          "changed policies select nodes, and of some no manifest says the addresses");
    }
    return !names.isEmpty() && (hasUnplaced(before) || hasUnplaced(after))
        ? Optional.of(
            "changed policies select nodes, and of pods on the host network no manifest says the node")
        : Optional.empty();
  }

  /** The nodes that rules select, by what rules do. */
  private static Map<List<Object>, Set<String>> selected(List<Policy> policies, List<Node> nodes) {
    Map<List<Object>, Set<String>> selected = new HashMap<>();
    for (Policy policy : policies) {
      for (PolicyRule rule : policy.egress()) {
        List<Object> key = List.of(
            policy.tier(), policy.priority(), policy.subject(), rule.action(), rule.ports());
        for (Selector selector : selectors(rule)) {
          nodes.stream()
              .filter(node -> selector.matches(node.labels()))
              .forEach(
                  node -> selected.computeIfAbsent(key, k -> new HashSet<>()).add(node.name()));
        }
      }
    }
    return selected;
  }

  private static List<Selector> selectors(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        ? any.peers().stream()
            .flatMap(
                peer -> peer instanceof Peer.Nodes some ? Stream.of(some.nodes()) : Stream.empty())
            .toList()
        : List.of();
  }

  private static boolean hasUnplaced(ClusterLookup cluster) {
    return cluster.hosts().stream()
        .flatMap(namespace -> cluster.workloads(namespace).stream())
        .filter(Workload::hostNetwork)
        .anyMatch(workload -> workload.pods().isEmpty()
            || workload.pods().stream().anyMatch(pod -> pod.node().isEmpty()));
  }

  private static boolean restsOnLabels(
      ClusterLookup cluster, List<Namespace> undeclared, Set<Policy> changed) {
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
