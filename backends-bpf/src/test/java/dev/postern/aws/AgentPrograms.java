package dev.postern.aws;

import dev.postern.mapdump.RawMap;
import dev.postern.net.Address;
import dev.postern.net.Family;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the AWS network policy agent's programs do with a new packet, from their source ({@code pkg/ebpf/c}), byte by byte. */
final class AgentPrograms {

  private final Map<String, RawMap> maps = new HashMap<>();

  AgentPrograms(Map<String, String> files) {
    files.forEach((name, text) -> {
      String pin = pin(name.replace(".json", ""));
      if (name.endsWith("gress_map.json")) {
        maps.put(pin, new RawMap(text));
      } else if (name.endsWith("pod_state_map.json")) {
        maps.put(pin, new RawMap(text));
      }
    });
  }

  private AgentPrograms() {}

  /** Over maps that may change, by pin. */
  static AgentPrograms over(Map<String, RawMap> pinned) {
    AgentPrograms programs = new AgentPrograms();
    programs.maps.putAll(pinned);
    return programs;
  }

  /** Whether there is a state for a pod's direction: without one there is no policing. */
  boolean polices(String pod, boolean egress) {
    return maps.containsKey(pin(pod + (egress ? ".egress" : ".ingress") + "_pod_state_map"));
  }

  private static String pin(String name) {
    return name.replace('.', '_');
  }

  boolean passes(String pod, boolean egress, Address peer, int protocol, int port) {
    if (peer.family() == Family.IPV6 && protocol == 58) {
      return true;
    }
    String side = pod + (egress ? ".egress" : ".ingress");
    RawMap states = map(side + "_pod_state_map");
    Optional<byte[]> own = states.exact(new byte[] {0, 0, 0, 0});
    Optional<byte[]> cluster = states.exact(new byte[] {1, 0, 0, 0});
    if (own.isEmpty() || cluster.isEmpty()) {
      return false;
    }
    int[] tiers = clusterPolicies(pod, egress, peer, protocol, port);
    if (tiers[0] <= 1000 && tiers[1] < 2) {
      return tiers[1] == 1;
    }
    Optional<byte[]> value = map(side + "_map").longest(peer.bytes());
    if (value.isEmpty()) {
      return own.get()[0] != 0 && (tiers[2] == 1 || tiers[2] == 2 && own.get()[0] == 1);
    }
    for (int slot = 0; slot < 24; slot++) {
      long wanted = number(value.get(), 12 * slot);
      long start = number(value.get(), 12 * slot + 4);
      long end = number(value.get(), 12 * slot + 8);
      if (wanted == 255) {
        return false;
      }
      boolean ports = start == 0 || port == start || port > start && port <= end;
      if ((wanted == 254 || wanted == protocol) && ports) {
        return true;
      }
    }
    return false;
  }

  /** The lowest priority of all, its action, and the baseline's action. */
  private int[] clusterPolicies(String pod, boolean egress, Address peer, int protocol, int port) {
    int[] tiers = {65536, 2, 2};
    long baseline = 65536;
    Optional<byte[]> value =
        map(pod + (egress ? ".cp_egress_map" : ".cp_ingress_map")).longest(peer.bytes());
    for (int slot = 0; value.isPresent() && slot < 24; slot++) {
      long wanted = number(value.get(), 16 * slot);
      long priority = number(value.get(), 16 * slot + 4) / 10;
      int action = (int) (number(value.get(), 16 * slot + 4) % 10);
      long start = number(value.get(), 16 * slot + 8);
      long end = number(value.get(), 16 * slot + 12);
      boolean ports = start == 0 || port == start || end > 0 && port >= start && port <= end;
      if (wanted != 254 && (wanted != protocol || !ports)) {
        continue;
      }
      if (priority < tiers[0] || priority == tiers[0] && action < tiers[1]) {
        tiers[0] = (int) Math.min(priority, Integer.MAX_VALUE);
        tiers[1] = action;
      }
      if (priority > 1000 && (priority < baseline || priority == baseline && action < tiers[2])) {
        baseline = priority;
        tiers[2] = action;
      }
    }
    return tiers;
  }

  private RawMap map(String name) {
    RawMap map = maps.get(pin(name));
    if (map == null) {
      throw new AssertionError("no " + name);
    }
    return map;
  }

  private static long number(byte[] bytes, int at) {
    return (bytes[at] & 0xffL)
        | (bytes[at + 1] & 0xffL) << 8
        | (bytes[at + 2] & 0xffL) << 16
        | (bytes[at + 3] & 0xffL) << 24;
  }
}
