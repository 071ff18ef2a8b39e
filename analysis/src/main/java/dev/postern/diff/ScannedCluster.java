package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.net.AddressSet;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A cluster that is gone through once, so that its objects are found by namespace. For one thread. */
final class ScannedCluster implements ClusterLookup {

  private final Cluster cluster;
  private final Map<String, List<Workload>> workloads;
  private final Set<String> hosts;
  private final Map<NamespaceSelection, Set<String>> selected;
  private final Map<String, List<Policy>> byNamespace;
  private final List<Policy> wide;

  private ScannedCluster(
      Cluster cluster,
      Map<String, List<Workload>> workloads,
      Set<String> hosts,
      Map<NamespaceSelection, Set<String>> selected,
      Map<String, List<Policy>> byNamespace,
      List<Policy> wide) {
    this.cluster = cluster;
    this.workloads = workloads;
    this.hosts = hosts;
    this.selected = selected;
    this.byNamespace = byNamespace;
    this.wide = wide;
  }

  static ScannedCluster of(Cluster cluster) {
    Map<String, List<Workload>> workloads = new LinkedHashMap<>();
    Set<String> hosts = new HashSet<>();
    List<Workload> all = cluster.workloads();
    int start = 0;
    boolean host = false;
    for (int i = 0; i < all.size(); i++) {
      String namespace = all.get(i).namespace();
      host |= all.get(i).hostNetwork();
      if (i + 1 == all.size() || !all.get(i + 1).namespace().equals(namespace)) {
        workloads.put(namespace, all.subList(start, i + 1));
        if (host) {
          hosts.add(namespace);
        }
        start = i + 1;
        host = false;
      }
    }
    Map<String, List<Policy>> byNamespace = new HashMap<>();
    List<Policy> wide = new ArrayList<>();
    cluster.policies().forEach(policy -> holder(policy, byNamespace, wide).add(policy));
    return new ScannedCluster(
        cluster, Collections.unmodifiableMap(workloads), hosts, new HashMap<>(), byNamespace, wide);
  }

  private static List<Policy> holder(
      Policy policy, Map<String, List<Policy>> byNamespace, List<Policy> wide) {
    return policy.subject().namespaces() instanceof NamespaceSelection.Named named
        ? byNamespace.computeIfAbsent(named.namespace(), name -> new ArrayList<>(4))
        : wide;
  }

  /**
   * Another cluster that differs from this in its policies alone.
   *
   * @param removed the policies that only this one has
   * @param added the policies that only the other one has
   */
  ScannedCluster with(Cluster other, List<Policy> removed, List<Policy> added) {
    Set<Policy> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    gone.addAll(removed);
    Map<String, List<Policy>> others = new HashMap<>(byNamespace);
    List<Policy> otherWide = new ArrayList<>(wide);
    otherWide.removeIf(gone::contains);
    for (Policy policy : removed) {
      if (policy.subject().namespaces() instanceof NamespaceSelection.Named named) {
        others.computeIfPresent(
            named.namespace(),
            (name, all) -> new ArrayList<>(
                all.stream().filter(each -> !gone.contains(each)).toList()));
      }
    }
    Set<String> own = new HashSet<>();
    for (Policy policy : added) {
      if (policy.subject().namespaces() instanceof NamespaceSelection.Named named
          && own.add(named.namespace())) {
        others.computeIfPresent(named.namespace(), (name, all) -> new ArrayList<>(all));
      }
      holder(policy, others, otherWide).add(policy);
    }
    return new ScannedCluster(other, workloads, hosts, selected, others, otherWide);
  }

  @Override
  public Set<String> inhabited() {
    return workloads.keySet();
  }

  @Override
  public Set<String> hosts() {
    return hosts;
  }

  @Override
  public List<Workload> workloads(String namespace) {
    return workloads.getOrDefault(namespace, List.of());
  }

  @Override
  public boolean holdsAny(String namespace, AddressSet addresses) {
    return workloads(namespace).stream()
        .flatMap(workload -> workload.pods().stream())
        .anyMatch(pod -> pod.addresses().stream().anyMatch(addresses::contains));
  }

  @Override
  public Stream<Workload> withoutAddress() {
    return cluster.workloads().stream()
        .filter(workload -> workload.pods().isEmpty()
            || workload.pods().stream().map(Pod::addresses).anyMatch(List::isEmpty));
  }

  @Override
  public Set<String> selected(NamespaceSelection selection) {
    if (selection instanceof NamespaceSelection.Named named) {
      return Set.of(named.namespace());
    }
    return selected.computeIfAbsent(selection, key -> {
      Selector selector = ((NamespaceSelection.Matching) key).selector();
      Set<String> names = new HashSet<>();
      cluster.namespaces().forEach((name, namespace) -> {
        if (selector.matches(namespace.labels())) {
          names.add(name);
        }
      });
      return names;
    });
  }

  @Override
  public Namespace namespace(String name) {
    return cluster.namespaces().getOrDefault(name, Namespace.undeclared(name));
  }

  @Override
  public List<Namespace> undeclared() {
    return cluster.namespaces().values().stream()
        .filter(namespace -> !namespace.declared())
        .toList();
  }

  @Override
  public List<Node> nodes() {
    return cluster.nodes();
  }

  @Override
  public List<Policy> policiesIn(String namespace) {
    return byNamespace.getOrDefault(namespace, List.of());
  }

  @Override
  public List<Policy> widePolicies() {
    return wide;
  }

  @Override
  public List<UnreadPolicy> unread() {
    return cluster.unread();
  }
}
