package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.selector.Requirement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster before and after a change with the same namespaces in both, so that one number stands for one namespace; a namespace that only
 * one has bears the same labels in the other. Workloads are left out: it is about pods that could be.
 */
record Versions(Cluster before, Cluster after) {

  /** Two clusters made alike in their namespaces. */
  static Versions of(Cluster before, Cluster after) {
    SortedMap<String, Namespace> old = new TreeMap<>(after.namespaces());
    old.putAll(before.namespaces());
    SortedMap<String, Namespace> now = new TreeMap<>(before.namespaces());
    now.putAll(after.namespaces());
    return new Versions(of(before, old, before.policies()), of(after, now, after.policies()));
  }

  private static Cluster of(
      Cluster cluster, SortedMap<String, Namespace> namespaces, List<Policy> policies) {
    return new Cluster(namespaces, List.of(), List.of(), cluster.nodes(), List.of(), policies);
  }

  /** Namespaces whose labels change. */
  Set<String> relabelled() {
    Set<String> names = new LinkedHashSet<>();
    before.namespaces().forEach((name, namespace) -> {
      if (!namespace.labels().equals(after.namespace(name).labels())) {
        names.add(name);
      }
    });
    return names;
  }

  /**
   * The same with fewer policies, and with no more namespaces than tell all apart that those can tell apart.
   *
   * @param mentioned requirements on namespaces' labels that must be told apart, too
   * @param kept namespaces that stay
   */
  Versions with(
      List<Policy> old, List<Policy> now, Collection<Requirement> mentioned, Set<String> kept) {
    Set<Requirement> requirements = new LinkedHashSet<>(mentioned);
    List<Policy> policies = new ArrayList<>(old);
    policies.addAll(now);
    Set<String> names = new HashSet<>(kept);
    names.addAll(relabelled());
    for (Policy policy : policies) {
      if (policy.kind().namespaced()) {
        // The cluster would add it without its labels.
        names.add(policy.namespace());
      }
      for (NamespaceSelection selection : selections(policy)) {
        if (selection instanceof NamespaceSelection.Named named) {
          names.add(named.namespace());
        } else {
          requirements.addAll(
              ((NamespaceSelection.Matching) selection).selector().requirements());
        }
      }
    }
    requirements.stream()
        .filter(requirement -> requirement.key().equals(Namespace.NAME_LABEL))
        .forEach(requirement -> names.addAll(requirement.values()));
    SortedMap<String, Namespace> oldOnes = new TreeMap<>();
    SortedMap<String, Namespace> newOnes = new TreeMap<>();
    Set<BitSet> seen = new HashSet<>();
    before.namespaces().forEach((name, namespace) -> {
      if (seen.add(truths(namespace, requirements)) || names.contains(name)) {
        oldOnes.put(name, namespace);
        newOnes.put(name, after.namespace(name));
      }
    });
    return new Versions(of(before, oldOnes, old), of(after, newOnes, now));
  }

  private static BitSet truths(Namespace namespace, Set<Requirement> requirements) {
    BitSet truths = new BitSet();
    int i = 0;
    for (Requirement requirement : requirements) {
      truths.set(i++, requirement.matches(namespace.labels()));
    }
    return truths;
  }

  /** Where a policy looks for pods: its subject's namespaces and its peers'. */
  static List<NamespaceSelection> selections(Policy policy) {
    List<NamespaceSelection> all = new ArrayList<>();
    all.add(policy.subject().namespaces());
    for (PolicyRule rule : policy.rules()) {
      if (rule.peers() instanceof Peers.AnyOf any) {
        for (Peer peer : any.peers()) {
          if (peer instanceof Peer.Pods pods) {
            all.add(pods.namespaces());
          }
        }
      }
    }
    return all;
  }
}
