package dev.postern.aws;

import dev.postern.mapdump.MapEntry;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The bytes of entries, as {@code lpm_trie_key}, {@code lpm_trie_val} and {@code pod_state} of the agent's programs lay them out. */
final class AwsLayout {

  /** How many protocols and ports a value has room for. */
  static final int SLOTS = 24;

  static final int VALUE = 12 * SLOTS;

  /** The size of a value of the maps for cluster policies, whose slots have a priority and an action, too. */
  static final int CLUSTER_VALUE = 16 * SLOTS;

  /** Stands for all protocols. */
  private static final int ANY = 254;

  /** Denies at once, whatever slots come before or after. */
  private static final int DENY = 255;

  /** Priorities up to 1000 are the admin tier's; the last digit is the action: 0 denies, 1 allows, 2 passes on. */
  private static final int ADMIN_DENIES = 10;

  private static final int ADMIN_PASSES = 12;

  private static final List<Protocol> WITH_PORTS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  /** What becomes of a packet that no trie holds: looked up in the tries first, or passed. */
  enum PodState {
    POLICIES_APPLIED,
    DEFAULT_ALLOW
  }

  /** Ports as slots have them: a start of 0 is any port, an end of 0 is one port. */
  private record Ports(int start, int end) {}

  private AwsLayout() {}

  static int keySize(Family family) {
    return 4 + family.bits() / 8;
  }

  /** Whether slots that allow can't say some traffic: everything but some ports. A cluster policy has to deny those then. */
  static boolean needsDenials(Traffic traffic) {
    return traffic.other() && !traffic.isAll();
  }

  /** How many slots some traffic takes, to be allowed or denied. */
  static int slots(Traffic traffic) {
    return traffic.isAll() || traffic.isEmpty()
        ? 1
        : WITH_PORTS.stream()
            .mapToInt(protocol -> traffic.ports(protocol).intervals().size())
            .sum();
  }

  /** An entry of a trie: what passes is all, or takes at most {@link #SLOTS} slots and has no other protocols. */
  static MapEntry trie(Cidr cidr, Traffic passes) {
    ByteBuffer value = buffer(VALUE);
    if (passes.isAll()) {
      slot(value, ANY, 0, 0);
    } else {
      for (Protocol protocol : WITH_PORTS) {
        for (Ports ports : ranges(passes.ports(protocol))) {
          slot(value, protocol.number(), ports.start, ports.end);
        }
      }
      // A slot of zeros is IP protocol 0 on any port: what is left over has to deny instead.
      while (value.hasRemaining()) {
        slot(value, DENY, 0, 0);
      }
    }
    return new MapEntry(key(cidr), value.array());
  }

  /** An entry of a trie for cluster policies: what is denied takes at most {@link #SLOTS} slots and has no other protocols. */
  static MapEntry clusterTrie(Cidr cidr, Traffic denied) {
    ByteBuffer value = buffer(CLUSTER_VALUE);
    for (Protocol protocol : WITH_PORTS) {
      for (Ports ports : ranges(denied.ports(protocol))) {
        value.putInt(protocol.number()).putInt(ADMIN_DENIES);
        value.putInt(ports.start).putInt(ports.end);
      }
    }
    // A slot of zeros denies IP protocol 0: what is left over has to say nothing instead.
    while (value.hasRemaining()) {
      value.putInt(ANY).putInt(ADMIN_PASSES).putInt(0).putInt(0);
    }
    return new MapEntry(key(cidr), value.array());
  }

  private static List<Ports> ranges(PortSet ports) {
    return ports.isAll()
        ? List.of(new Ports(0, 0))
        : ports.intervals().stream()
            .map(
                range -> new Ports(range.first(), range.first() == range.last() ? 0 : range.last()))
            .toList();
  }

  private static byte[] key(Cidr cidr) {
    return buffer(keySize(cidr.family()))
        .putInt(cidr.prefix())
        .put(cidr.network().bytes())
        .array();
  }

  private static void slot(ByteBuffer value, int protocol, int start, int end) {
    value.putInt(protocol).putInt(start).putInt(end);
  }

  /** The states for a pod's own policies (key 0) and for cluster policies (key 1). */
  static List<MapEntry> states(PodState own, PodState cluster) {
    return List.of(state(0, own), state(1, cluster));
  }

  private static MapEntry state(int key, PodState state) {
    return new MapEntry(buffer(4).putInt(key).array(), new byte[] {(byte) state.ordinal()});
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
