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
  private final Map<String, List<Policy>> byNamespace = new HashMap<>();
  private final List<Policy> wide = new ArrayList<>();

  private ScannedCluster(
      Cluster cluster,
      Map<String, List<Workload>> workloads,
      Set<String> hosts,
      Map<NamespaceSelection, Set<String>> selected) {
    this.cluster = cluster;
    this.workloads = workloads;
    this.hosts = hosts;
    this.selected = selected;
    for (Policy policy : cluster.policies()) {
      if (policy.subject().namespaces() instanceof NamespaceSelection.Named named) {
        byNamespace.computeIfAbsent(named.namespace(), n -> new ArrayList<>(4)).add(policy);
      } else {
        wide.add(policy);
      }
    }
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
    return new ScannedCluster(
        cluster, Collections.unmodifiableMap(workloads), hosts, new HashMap<>());
  }

  /** Another cluster that differs from this in its policies alone. */
  ScannedCluster with(Cluster other) {
    return new ScannedCluster(other, workloads, hosts, selected);
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
