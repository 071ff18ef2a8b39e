package dev.postern.lowering;

import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.plan.Plan;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which addresses nodes have, as targets need them to let a pod and its own node exchange everything: those that Node objects list, and
 * those of pods on the host network, which are their nodes'. Immutable and safe for use by several threads.
 */
public final class NodeAddresses {

  private final SortedMap<Address, SortedSet<String>> nodesAt = new TreeMap<>();
  private final Map<String, SortedSet<Address>> byNode = new TreeMap<>();

  private NodeAddresses() {}

  /** The addresses of a plan's nodes. */
  public static NodeAddresses of(Plan plan) {
    NodeAddresses result = new NodeAddresses();
    for (Node node : plan.cluster().nodes()) {
      for (Address address : node.addresses()) {
        result.at(address).add(node.name());
      }
    }
    for (End.InPod endpoint : plan.classes().endpoints()) {
      if (endpoint.workload().hostNetwork() && endpoint.address().isPresent()) {
        SortedSet<String> at = result.at(endpoint.address().get());
        endpoint.pod().flatMap(Pod::node).ifPresent(at::add);
      }
    }
    result.nodesAt.forEach((address, names) -> names.forEach(
        name -> result.byNode.computeIfAbsent(name, n -> new TreeSet<>()).add(address)));
    return result;
  }

  private SortedSet<String> at(Address address) {
    return nodesAt.computeIfAbsent(address, a -> new TreeSet<>());
  }

  /** The addresses of a node; none if nothing says which. */
  public Set<Address> of(String node) {
    return Collections.unmodifiableSet(byNode.getOrDefault(node, Collections.emptySortedSet()));
  }

  /** By address the nodes that have it; no node for that of a pod on the host network of which no manifest says where it runs. */
  public SortedMap<Address, SortedSet<String>> nodesAt() {
    return Collections.unmodifiableSortedMap(nodesAt);
  }
}
