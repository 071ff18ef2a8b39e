package dev.postern.reach;

import dev.postern.cluster.Pod;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which endpoints may be pods and the host network of their own node, for all that the manifests say: what they exchange then passes whatever
 * policies say, so that what policies deny between them is not known to be denied.
 */
final class PerhapsOwnNodes {

  /** Endpoints of which a pod may have an address of one family, and those of which no manifest says where such a pod runs. */
  private record Speakers(BitSet all, BitSet unplaced) {}

  private final BitSet hosts = new BitSet();
  private final Map<Family, Speakers> speakers = new EnumMap<>(Family.class);

  PerhapsOwnNodes(List<Endpoint> endpoints, boolean nodeTrafficPasses) {
    for (Family family : Family.values()) {
      speakers.put(family, new Speakers(new BitSet(), new BitSet()));
    }
    for (int place = 0; nodeTrafficPasses && place < endpoints.size(); place++) {
      if (endpoints.get(place) instanceof Endpoint.Pods pods) {
        hosts.set(place, pods.workload().hostNetwork());
        for (Map.Entry<Family, Speakers> each : speakers.entrySet()) {
          enter(pods, place, each.getKey(), each.getValue());
        }
      }
    }
  }

  private static void enter(Endpoint.Pods pods, int place, Family family, Speakers speakers) {
    if (pods.pods().isEmpty()) {
      speakers.all().set(place);
      speakers.unplaced().set(place);
    }
    for (Pod pod : pods.pods()) {
      if (pod.addresses().isEmpty()
          || pod.addresses().stream().anyMatch(address -> address.family() == family)) {
        speakers.all().set(place);
        if (pod.node().isEmpty()) {
          speakers.unplaced().set(place);
        }
      }
    }
  }

  /** The endpoints that may be this one's own node, or of which it may be the node; itself perhaps among them. */
  BitSet of(int endpoint) {
    BitSet others = new BitSet();
    for (Speakers some : speakers.values()) {
      if (some.all().get(endpoint)) {
        BitSet here =
            (BitSet) (some.unplaced().get(endpoint) ? some.all() : some.unplaced()).clone();
        if (!hosts.get(endpoint)) {
          here.and(hosts);
        }
        others.or(here);
      }
    }
    return others;
  }

  /** What passes for certain stays, and anything may pass. */
  static Reach widened(Reach policies) {
    return new Reach(policies.allowed(), Traffic.ALL);
  }
}
