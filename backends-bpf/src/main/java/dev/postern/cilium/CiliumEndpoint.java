package dev.postern.cilium;

import dev.postern.algebra.Region;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.lowering.PolicedPods;
import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pod with a policy map.
 *
 * @param end one of its addresses
 * @param classNumber its class
 * @param egress what it may send, to which classes
 * @param ingress what it may get, from which classes
 * @param node where it runs, if traffic with its node passes; else empty
 */
record CiliumEndpoint(End.InPod end, int classNumber, Region egress, Region ingress, String node) {

  /**
   * The endpoints in a scope by the name in their files.
   *
   * @throws Refusal if a policed pod is on the host network, or two pods would share what they can't
   */
  static SortedMap<String, CiliumEndpoint> all(Plan plan, Scope scope, PolicedPods policed)
      throws Refusal {
    List<String> reasons = new ArrayList<>();
    Map<Direction, Map<End.InPod, Region>> tables = new HashMap<>();
    for (Direction direction : Direction.values()) {
      Map<End.InPod, Region> ofEnd = new HashMap<>();
      for (PolicedPods.PodGroup group : policed.groups(direction)) {
        group.endpoints().forEach(end -> ofEnd.put(end, group.allowed()));
      }
      tables.put(direction, ofEnd);
    }
    Region everything = Region.of(plan.classes().everyone(), Traffic.ALL);
    SortedMap<String, CiliumEndpoint> found = new TreeMap<>();
    for (int i = 0; i < plan.classes().endpoints().size(); i++) {
      End.InPod end = plan.classes().endpoints().get(i);
      if (end.address().isEmpty() || end.pod().filter(scope::contains).isEmpty()) {
        continue;
      }
      Region egress = tables.getOrDefault(Direction.EGRESS, Map.of()).getOrDefault(end, everything);
      Region ingress =
          tables.getOrDefault(Direction.INGRESS, Map.of()).getOrDefault(end, everything);
      if (end.workload().hostNetwork()) {
        if (!egress.equals(everything) || !ingress.equals(everything)) {
          reasons.add(end + " is on the host network and has no policy map");
        }
        continue;
      }
      String node =
          plan.options().nodeTrafficPasses() ? end.pod().flatMap(p -> p.node()).orElse("") : "";
      CiliumEndpoint endpoint =
          new CiliumEndpoint(end, plan.classes().classOf(i), egress, ingress, node);
      String name = end.workload().namespace() + "-" + end.pod().orElseThrow().name();
      CiliumEndpoint other = found.putIfAbsent(name, endpoint);
      if (other != null && !other.isSamePodAs(endpoint)) {
        reasons.add(
            other.end + " and " + end + " would both have the file policy-" + name + ".json");
      } else if (other != null && !(other.egress.equals(egress) && other.ingress.equals(ingress))) {
        reasons.add(other.end + " and " + end + " share a policy map, but not their policies");
      }
    }
    if (!reasons.isEmpty()) {
      throw new Refusal(reasons);
    }
    return found;
  }

  private boolean isSamePodAs(CiliumEndpoint other) {
    return end.workload().equals(other.end.workload()) && end.pod().equals(other.end.pod());
  }

  /** What two endpoints with equal maps have in common. */
  List<Object> likeness() {
    return List.of(egress, ingress, node);
  }

  /** What passes between it and an identity. */
  PolicyMap.Peer peer(int number, Identity identity) {
    boolean own = !node.isEmpty() && identity.nodes().contains(node);
    return new PolicyMap.Peer(
        number,
        own ? Traffic.ALL : egress.traffic(identity.classNumber()),
        own ? Traffic.ALL : ingress.traffic(identity.classNumber()));
  }
}
