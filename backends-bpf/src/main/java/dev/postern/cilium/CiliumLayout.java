package dev.postern.cilium;

import dev.postern.mapdump.MapEntry;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of entries, as {@code struct policy_key}, {@code struct policy_entry}, {@code struct ipcache_key} and
 * {@code struct remote_endpoint_info} of Cilium's {@code bpf/lib} lay them out on a little-endian machine.
 */
final class CiliumLayout {

  static final int POLICY_KEY = 12;
  static final int IPCACHE_KEY = 24;

  /** The bits of a policy key before the protocol: identity and direction. */
  static final int STATIC_BITS = 40;

  static final int ANY = 0;
  static final int PROTOCOL = 8;

  /** The highest precedence: a denial that nothing overrules. */
  static final int DENY = 0xFFFFFFFF;

  /**
   * The precedence of a plain rule of the highest priority that allows: {@code MaxAllowPrecedence} of {@code pkg/policy/types/entry.go}, where
   * a lowest byte of 0 passes the decision on instead.
   */
  static final int ALLOW = 0xFFFFFF01;

  private static final int CLUSTER_AND_FAMILY_BITS = 32;
  private static final int WILDCARD_PROTOCOL = 2;
  private static final int WILDCARD_PORT = 4;

  private final CiliumVersion version;

  CiliumLayout(CiliumVersion version) {
    this.version = version;
  }

  /**
   * What a policy entry is about.
   *
   * @param identity the peer's, or 0 for any
   * @param bits how much of protocol and port counts: {@link #ANY}, {@link #PROTOCOL}, or that and the bits of the port's prefix
   * @param protocol the IP protocol's number, 0 for any
   * @param port the first port of the prefix, 0 for any
   */
  record Key(int identity, Direction direction, int bits, int protocol, int port) {}

  MapEntry policy(Key key, boolean deny) {
    byte[] keyBytes = buffer(POLICY_KEY)
        .putInt(STATIC_BITS + key.bits)
        .putInt(key.identity)
        .put((byte) (key.direction == Direction.EGRESS ? 1 : 0))
        .put((byte) key.protocol)
        .put((byte) (key.port >> 8))
        .put((byte) key.port)
        .array();
    ByteBuffer value = buffer(version.policyValue())
        .putShort((short) 0)
        .put((byte) ((deny ? 1 : 0) | flags(key.bits)))
        .put((byte) 0);
    if (version == CiliumVersion.V1_19) {
      value.putInt(deny ? DENY : ALLOW);
    }
    return new MapEntry(keyBytes, value.array());
  }

  /** Whether an entry of a policy map is for any identity. */
  static boolean isForAny(MapEntry entry) {
    return buffer(entry.key()).getInt(4) == 0;
  }

  /** How much of protocol and port counts, for programs that do not get the key back: 1.16 has a bit for each of the two. */
  private int flags(int bits) {
    return version == CiliumVersion.V1_16
        ? (bits < PROTOCOL ? WILDCARD_PROTOCOL : 0) | (bits <= PROTOCOL ? WILDCARD_PORT : 0)
        : bits << 3;
  }

  MapEntry ipcache(Cidr cidr, int identity) {
    byte[] key = buffer(IPCACHE_KEY)
        .putInt(CLUSTER_AND_FAMILY_BITS + cidr.prefix())
        .putShort((short) 0)
        .put((byte) 0)
        .put((byte) (cidr.family() == Family.IPV4 ? 1 : 2))
        .put(cidr.network().bytes())
        .array();
    return new MapEntry(key, buffer(version.ipcacheValue()).putInt(identity).array());
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
