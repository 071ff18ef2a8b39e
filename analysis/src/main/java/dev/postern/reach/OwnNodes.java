package dev.postern.reach;

import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which endpoints are pods and their own node, or may be for all that the manifests say: what they exchange passes whatever policies say. Of a
 * node there are the pods on its host network, and each of its addresses that is an endpoint by itself.
 */
final class OwnNodes {

  /**
   * Where those of an endpoint's pods are that may have addresses of one family.
   *
   * @param nodes the nodes that are known
   * @param unplaced whether there may be a pod of which no manifest says where it runs
   */
  private record Presence(Set<String> nodes, boolean unplaced) {

    static final Presence NOWHERE = new Presence(Set.of(), false);

    boolean isNowhere() {
      return nodes.isEmpty() && !unplaced;
    }

    boolean isOneNode() {
      return nodes.size() == 1 && !unplaced;
    }
  }

  private final List<Endpoint> endpoints;
  private final boolean nodeTrafficPasses;
  private final Map<Address, Set<String>> nodesAt = new HashMap<>();
  private final Map<Endpoint, Map<Family, Presence>> known = new IdentityHashMap<>();
  private final BitSet hosts = new BitSet();
  private final Map<Family, BitSet> present = new EnumMap<>(Family.class);
  private final Map<Family, BitSet> unplaced = new EnumMap<>(Family.class);
  private final Map<String, BitSet> onNode = new HashMap<>();

  OwnNodes(List<Endpoint> endpoints, Collection<Node> nodes, boolean nodeTrafficPasses) {
    this.endpoints = endpoints;
    this.nodeTrafficPasses = nodeTrafficPasses;
    for (Node node : nodes) {
      for (Address address : node.addresses()) {
        nodesAt.computeIfAbsent(address, each -> new HashSet<>(1)).add(node.name());
      }
    }
    for (Family family : Family.values()) {
      present.put(family, new BitSet());
      unplaced.put(family, new BitSet());
    }
    for (int place = 0; nodeTrafficPasses && place < endpoints.size(); place++) {
      enter(endpoints.get(place), place);
    }
  }

  private void enter(Endpoint endpoint, int place) {
    Map<Family, Presence> found = new EnumMap<>(Family.class);
    for (Family family : Family.values()) {
      Presence here = find(endpoint, family);
      found.put(family, here);
      present.get(family).set(place, !here.isNowhere());
      unplaced.get(family).set(place, here.unplaced());
      here.nodes()
          .forEach(node -> onNode.computeIfAbsent(node, n -> new BitSet()).set(place));
    }
    known.put(endpoint, found);
    hosts.set(place, isHost(endpoint));
  }

  /** The addresses of nodes, if it matters which those are. */
  AddressSet addresses() {
    return nodeTrafficPasses ? AddressSet.ofAddresses(nodesAt.keySet()) : AddressSet.EMPTY;
  }

  /** The endpoints with which this one may exchange what policies have no say in; itself perhaps among them. */
  BitSet of(int endpoint) {
    BitSet others = new BitSet();
    if (hosts.isEmpty()) {
      return others;
    }
    Map<Family, Presence> here = known.getOrDefault(endpoints.get(endpoint), Map.of());
    here.forEach((family, presence) -> {
      if (!presence.isNowhere()) {
        others.or((presence.unplaced() ? present : unplaced).get(family));
        presence.nodes().forEach(node -> others.or(onNode.get(node)));
      }
    });
    if (!hosts.get(endpoint)) {
      others.and(hosts);
    }
    return others;
  }

  /**
   * What passes between two endpoints: all traffic where all their pods are on one node, perhaps all where some are or may be, else what
   * policies say.
   */
  Reach between(Endpoint one, Endpoint other, Reach policies) {
    boolean perhaps = false;
    for (Family family : Family.values()) {
      Presence here = presence(one, family);
      Presence there = presence(other, family);
      boolean apart = here.isNowhere()
          || there.isNowhere()
          || !nodeTrafficPasses
          || (!isHost(one) && !isHost(other));
      if (apart) {
        continue;
      }
      boolean together = !Collections.disjoint(here.nodes(), there.nodes());
      if (together && here.isOneNode() && there.isOneNode()) {
        return Reach.EVERYTHING;
      }
      perhaps |= together || here.unplaced() || there.unplaced();
    }
    return perhaps ? new Reach(policies.allowed(), Traffic.ALL) : policies;
  }

  private boolean isHost(Endpoint endpoint) {
    return endpoint instanceof Endpoint.Pods pods
        ? pods.workload().hostNetwork()
        : endpoint instanceof Endpoint.External;
  }

  private Presence presence(Endpoint endpoint, Family family) {
    Map<Family, Presence> found = known.get(endpoint);
    return found == null ? find(endpoint, family) : found.getOrDefault(family, Presence.NOWHERE);
  }

  private Presence find(Endpoint endpoint, Family family) {
    if (endpoint instanceof Endpoint.External external) {
      Address first = external.range().first();
      boolean oneAddress = first.equals(external.range().last()) && first.family() == family;
      return oneAddress
          ? new Presence(nodesAt.getOrDefault(first, Set.of()), false)
          : Presence.NOWHERE;
    }
    if (!(endpoint instanceof Endpoint.Pods pods)) {
      return Presence.NOWHERE;
    }
    List<Pod> some = new ArrayList<>();
    for (Pod pod : pods.pods()) {
      if (pod.addresses().isEmpty()
          || pod.addresses().stream().anyMatch(address -> address.family() == family)) {
        some.add(pod);
      }
    }
    Set<String> nodes = new HashSet<>();
    some.forEach(pod -> pod.node().ifPresent(nodes::add));
    return new Presence(
        nodes, pods.pods().isEmpty() || some.stream().anyMatch(pod -> pod.node().isEmpty()));
  }
}
