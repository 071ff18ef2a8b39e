package dev.postern.cilium;

import dev.postern.algebra.Region;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds an endpoint's peers from what it allows, not by asking for each identity: most identities may do nothing with most endpoints.
 */
final class ReachablePeers {

  private final Map<Integer, List<Identity>> byClass = new HashMap<>();
  private final Map<String, List<Identity>> byNode = new HashMap<>();
  private final int count;

  ReachablePeers(List<Identity> identities) {
    for (Identity identity : identities) {
      byClass.computeIfAbsent(identity.classNumber(), key -> new ArrayList<>()).add(identity);
      identity
          .nodes()
          .forEach(
              node -> byNode.computeIfAbsent(node, key -> new ArrayList<>()).add(identity));
    }
    this.count = identities.size();
  }

  /** The policy map of an endpoint. */
  PolicyMap.Peers of(CiliumEndpoint endpoint) {
    SortedMap<Integer, Traffic> egress = traffic(endpoint.egress(), endpoint.node());
    SortedMap<Integer, Traffic> ingress = traffic(endpoint.ingress(), endpoint.node());
    SortedMap<Integer, PolicyMap.Peer> peers = new TreeMap<>();
    egress.forEach((number, traffic) -> peers.put(
        number, new PolicyMap.Peer(number, traffic, ingress.getOrDefault(number, Traffic.NONE))));
    ingress.forEach((number, traffic) ->
        peers.putIfAbsent(number, new PolicyMap.Peer(number, Traffic.NONE, traffic)));
    return new PolicyMap.Peers(List.copyOf(peers.values()), peers.size() < count);
  }

  private SortedMap<Integer, Traffic> traffic(Region region, String node) {
    SortedMap<Integer, Traffic> traffic = new TreeMap<>();
    for (Region.Part part : region.parts()) {
      part.peers()
          .forEach(number -> byClass
              .getOrDefault(number, List.of())
              .forEach(identity -> traffic.put(identity.number(), part.traffic())));
    }
    byNode
        .getOrDefault(node, List.of())
        .forEach(identity -> traffic.put(identity.number(), Traffic.ALL));
    return traffic;
  }
}
