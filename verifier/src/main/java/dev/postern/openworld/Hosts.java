package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The pods on the host network of two clusters. Where they are their nodes, those that all policies see alike are taken together. */
final class Hosts {

  private final Cluster before;
  private final Cluster after;
  private final boolean arePods;
  private final Set<End.InPod> ends = new LinkedHashSet<>();

  Hosts(Cluster before, Cluster after, Options options) {
    this.before = before;
    this.after = after;
    this.arePods = options.hostNetwork() == Options.HostNetwork.POD;
    for (Cluster cluster : List.of(before, after)) {
      cluster.workloads().stream().filter(Workload::hostNetwork).forEach(this::add);
    }
  }

  private void add(Workload workload) {
    if (workload.pods().isEmpty()) {
      ends.add(End.InPod.template(workload));
    }
    for (Pod pod : workload.pods()) {
      if (pod.addresses().isEmpty()) {
        ends.add(new End.InPod(workload, Optional.of(pod), Optional.empty()));
      }
      for (Address address : pod.addresses()) {
        ends.add(new End.InPod(workload, Optional.of(pod), Optional.of(address)));
      }
    }
  }

  /** The namespaces whose labels matter for these pods. */
  Set<String> namespaces() {
    Set<String> names = new LinkedHashSet<>();
    if (arePods) {
      ends.forEach(end -> names.add(end.workload().namespace()));
    }
    return names;
  }

  /** Those that policies may select. */
  List<Role> subjects(Set<Family> families) {
    return arePods ? peers(families) : List.of();
  }

  /** Those with an address of these families, or of which none is known. */
  List<Role> peers(Set<Family> families) {
    Map<Object, List<End>> alike = new LinkedHashMap<>();
    Set<AddressSet> blocks = new LinkedHashSet<>();
    Set<Selector> selectors = new LinkedHashSet<>();
    if (!ends.isEmpty() && !arePods) {
      blocks.addAll(blocks());
      for (Cluster cluster : List.of(before, after)) {
        selectors.addAll(nodeSelectors(cluster.policies()));
      }
    }
    for (End.InPod end : ends) {
      if (end.address().map(address -> families.contains(address.family())).orElse(true)) {
        Object key = arePods ? end : seen(end, blocks, selectors);
        alike.computeIfAbsent(key, k -> new ArrayList<>()).add(end);
      }
    }
    return alike.values().stream().map(same -> (Role) new Role.Existing(same)).toList();
  }

  private Set<AddressSet> blocks() {
    Set<AddressSet> blocks = new LinkedHashSet<>();
    for (Cluster cluster : List.of(before, after)) {
      for (Policy policy : cluster.policies()) {
        for (PolicyRule rule : policy.rules()) {
          if (rule.peers() instanceof Peers.AnyOf any) {
            any.peers().forEach(peer -> block(peer).ifPresent(blocks::add));
          }
        }
      }
    }
    return blocks;
  }

  private static Optional<AddressSet> block(Peer peer) {
    if (peer instanceof Peer.IpBlock block) {
      return Optional.of(block.addresses());
    }
    return peer instanceof Peer.Networks networks
        ? Optional.of(networks.addresses())
        : Optional.empty();
  }

  /** What policies ask of nodes, which they do of destinations only. */
  static Set<Selector> nodeSelectors(List<Policy> policies) {
    Set<Selector> selectors = new LinkedHashSet<>();
    for (Policy policy : policies) {
      for (PolicyRule rule : policy.egress()) {
        if (rule.peers() instanceof Peers.AnyOf any) {
          any.peers().stream()
              .filter(Peer.Nodes.class::isInstance)
              .forEach(peer -> selectors.add(((Peer.Nodes) peer).nodes()));
        }
      }
    }
    return selectors;
  }

  /** Whether no manifest of one of the clusters tells of the node of one of them. */
  boolean anyOnUnknownNode() {
    return Stream.of(before, after)
        .anyMatch(cluster ->
            ends.stream().anyMatch(end -> PodAnywhere.node(end, cluster).isEmpty()));
  }

  private List<Boolean> seen(End.InPod end, Set<AddressSet> blocks, Set<Selector> selectors) {
    List<Boolean> seen = new ArrayList<>();
    blocks.forEach(block -> seen.add(end.address().filter(block::contains).isPresent()));
    for (Cluster cluster : List.of(before, after)) {
      Optional<Node> node = PodAnywhere.node(end, cluster);
      seen.add(node.isPresent());
      selectors.forEach(
          selector -> seen.add(node.filter(n -> selector.matches(n.labels())).isPresent()));
    }
    return seen;
  }
}
