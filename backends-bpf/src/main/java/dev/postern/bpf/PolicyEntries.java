package dev.postern.bpf;

import dev.postern.algebra.Region;
import dev.postern.bpf.MapLayout.PolicyKey;
import dev.postern.lowering.PolicedPods;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.PortPrefix;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The policy entries of the groups. Of the sets of peers that a table tells apart, the one with the most identities is written once, for
 * {@link MapLayout#ANYONE}; the others have entries of their own, which begin with "nothing passes" where the wildcard would let more through.
 */
final class PolicyEntries {

  private final PeerIdentities identities;
  private final List<MapEntry> entries = new ArrayList<>();
  private int largest;
  private long unshared;

  PolicyEntries(PeerIdentities identities) {
    this.identities = identities;
  }

  List<MapEntry> of(PolicedPods policed) {
    for (Direction direction : Direction.values()) {
      List<PolicedPods.PodGroup> groups = policed.groups(direction);
      for (int i = 0; i < groups.size(); i++) {
        int before = entries.size();
        group(identities.group(direction, i), direction, groups.get(i).allowed());
        int own = entries.size() - before;
        largest = Math.max(largest, own);
        unshared += (long) own * groups.get(i).endpoints().size();
      }
    }
    return entries;
  }

  int count() {
    return entries.size();
  }

  /** The entries of the group that has most. */
  int largest() {
    return largest;
  }

  /** How many entries there would be if no two addresses shared theirs. */
  long unshared() {
    return unshared;
  }

  private void group(int group, Direction direction, Region allowed) {
    Traffic[] trafficOf = new Traffic[identities.count()];
    Arrays.fill(trafficOf, Traffic.NONE);
    for (Region.Part part : allowed.parts()) {
      part.peers().forEach(peer -> trafficOf[identities.index(peer)] = part.traffic());
    }
    Traffic wildcard = mostCommon(trafficOf);
    add(group, MapLayout.ANYONE, direction, wildcard);
    for (int index = 0; index < trafficOf.length; index++) {
      int peer = identities.numberAt(index);
      if (peer != PeerIdentities.NOBODY && !trafficOf[index].equals(wildcard)) {
        if (!wildcard.isEmpty() && !trafficOf[index].isAll()) {
          entries.add(MapLayout.policy(
              new PolicyKey(MapLayout.ANY_PROTOCOL, group, peer, direction, 0, 0), false));
        }
        add(group, peer, direction, trafficOf[index]);
      }
    }
  }

  private static Traffic mostCommon(Traffic[] trafficOf) {
    Map<Traffic, Integer> counts = new LinkedHashMap<>();
    for (Traffic traffic : trafficOf) {
      counts.merge(traffic, 1, Integer::sum);
    }
    Traffic most = Traffic.NONE;
    int best = counts.getOrDefault(Traffic.NONE, 0);
    for (Map.Entry<Traffic, Integer> entry : counts.entrySet()) {
      if (entry.getValue() > best) {
        most = entry.getKey();
        best = entry.getValue();
      }
    }
    return most;
  }

  private void add(int group, int peer, Direction direction, Traffic traffic) {
    if (traffic.isAll()) {
      entries.add(MapLayout.policy(
          new PolicyKey(MapLayout.ANY_PROTOCOL, group, peer, direction, 0, 0), true));
      return;
    }
    for (Protocol protocol : Protocol.values()) {
      if (!protocol.hasPorts()) {
        if (traffic.other()) {
          entries.add(MapLayout.policy(
              new PolicyKey(
                  MapLayout.ANY_PORT, group, peer, direction, MapLayout.OTHER_PROTOCOLS, 0),
              true));
        }
      } else if (traffic.ports(protocol).isAll()) {
        entries.add(MapLayout.policy(
            new PolicyKey(MapLayout.ANY_PORT, group, peer, direction, protocol.number(), 0), true));
      } else {
        for (PortPrefix prefix : PortPrefix.of(traffic.ports(protocol))) {
          int bits = MapLayout.ANY_PORT + prefix.bits();
          entries.add(MapLayout.policy(
              new PolicyKey(bits, group, peer, direction, protocol.number(), prefix.port()), true));
        }
      }
    }
  }
}
