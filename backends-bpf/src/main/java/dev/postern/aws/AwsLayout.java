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

  /** Stands for all protocols. */
  private static final int ANY = 254;

  /** Denies at once, whatever slots come before or after. */
  private static final int DENY = 255;

  private static final List<Protocol> WITH_PORTS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  /** What becomes of a packet that no trie holds: looked up in the tries first, or passed. */
  enum PodState {
    POLICIES_APPLIED,
    DEFAULT_ALLOW
  }

  private AwsLayout() {}

  static int keySize(Family family) {
    return 4 + family.bits() / 8;
  }

  /** How many slots some traffic takes. */
  static int slots(Traffic traffic) {
    if (traffic.isAll() || traffic.isEmpty()) {
      return 1;
    }
    return WITH_PORTS.stream()
        .mapToInt(protocol -> traffic.ports(protocol).intervals().size())
        .sum();
  }

  /** An entry of a trie; the traffic is all, or takes at most {@link #SLOTS} slots and no other protocols. */
  static MapEntry trie(Cidr cidr, Traffic traffic) {
    byte[] key = buffer(keySize(cidr.family()))
        .putInt(cidr.prefix())
        .put(cidr.network().bytes())
        .array();
    ByteBuffer value = buffer(VALUE);
    if (traffic.isAll()) {
      slot(value, ANY, 0, 0);
    } else {
      for (Protocol protocol : WITH_PORTS) {
        PortSet ports = traffic.ports(protocol);
        for (PortSet.Interval interval : ports.intervals()) {
          int end = interval.first() == interval.last() ? 0 : interval.last();
          slot(
              value,
              protocol.number(),
              ports.isAll() ? 0 : interval.first(),
              ports.isAll() ? 0 : end);
        }
      }
      // A slot of zeros is IP protocol 0 on any port: what is left over has to deny instead.
      while (value.hasRemaining()) {
        slot(value, DENY, 0, 0);
      }
    }
    return new MapEntry(key, value.array());
  }

  private static void slot(ByteBuffer value, int protocol, int start, int end) {
    value.putInt(protocol).putInt(start).putInt(end);
  }

  /** The states for a pod's own policies (key 0) and for cluster policies (key 1), which these are worked into. */
  static List<MapEntry> states(PodState state) {
    return List.of(state(0, state), state(1, PodState.DEFAULT_ALLOW));
  }

  private static MapEntry state(int key, PodState state) {
    return new MapEntry(buffer(4).putInt(key).array(), new byte[] {(byte) state.ordinal()});
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
