package dev.postern.backend;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.net.AddressSet;
import java.util.Optional;

/**
 * Which pods an artefact polices: all of them, or those on one node. An artefact enforces the egress and the ingress of the pods in its
 * scope, and nothing else.
 *
 * @param node the node; empty for all pods
 */
public record Scope(Optional<String> node) {

  public static final Scope CLUSTER = new Scope(Optional.empty());

  public static Scope node(String name) {
    return new Scope(Optional.of(name));
  }

  public boolean contains(Pod pod) {
    return node.isEmpty() || node.equals(pod.node());
  }

  /** The addresses of the nodes whose pods are in scope. */
  public AddressSet addresses(Cluster cluster) {
    return AddressSet.ofAddresses(cluster.nodes().stream()
        .filter(each -> node.map(each.name()::equals).orElse(true))
        .flatMap(each -> each.addresses().stream())
        .toList());
  }
}
