package dev.postern.cilium.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.UnreadableMap;
import dev.postern.policy.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An entry of a policy map.
 *
 * @param identity the peer's, 0 for any
 * @param direction the endpoint's side
 * @param bits how many bits of protocol and port the key has, 0..24
 * @param protocol the protocol, as far as the key has it
 * @param port the port, as far as the key has it
 * @param flags the value's flags: bit 0 denies, the others say again how long the prefix is
 * @param proxied whether it hands packets to a proxy
 * @param authentication the authentication that it asks for first, 0 for none
 * @param explicit whether a policy says so of this entry, so that it is not taken over from a wider one
 * @param rank what decides between an identity's entry and the one for any, unsigned: precedence, or the proxy port's priority
 * @param origin where the dump has it
 */
record PolicyEntry(
    int identity,
    Direction direction,
    int bits,
    int protocol,
    int port,
    int flags,
    boolean proxied,
    int authentication,
    boolean explicit,
    int rank,
    Origin origin) {

  private static final int FIRST_AGGREGATE = 11;
  private static final int LAST_AGGREGATE = 14;
  private static final int LOWEST_BYTE = 0xff;
  private static final int KEY = 12;
  private static final int STATIC_BITS = 40;
  private static final int ALL_BITS = 64;
  private static final int AUTHENTICATION = 0x7f;

  /**
   * Decodes an entry.
   *
   * @param order of the release whose entry it is; its values are long enough
   * @throws UnreadableMap if it does not have the layout's form
   */
  static PolicyEntry of(String file, MapDump.Placed placed, DecisionOrder order) {
    int bits = bits(file, placed);
    ByteBuffer key = ByteBuffer.wrap(placed.entry().key()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer value = ByteBuffer.wrap(placed.entry().value()).order(ByteOrder.LITTLE_ENDIAN);
    int side = key.get(8) & 0xff;
    if (side > 1) {
      throw new UnreadableMap(
          file, placed.line(), placed.column(), "the direction is 0 or 1, not " + side);
    }
    // Since 1.17 the highest bit says that the authentication was asked for, not which.
    boolean whole = order == DecisionOrder.SPECIFICITY;
    int authentication = value.get(3) & 0xff;
    return new PolicyEntry(
        key.getInt(4),
        side == 1 ? Direction.EGRESS : Direction.INGRESS,
        bits,
        key.get(9) & 0xff,
        (key.get(10) & 0xff) << 8 | key.get(11) & 0xff,
        value.get(2) & 0xff,
        value.getShort(0) != 0,
        whole ? authentication : authentication & AUTHENTICATION,
        whole || authentication > AUTHENTICATION,
        order == DecisionOrder.PRECEDENCE ? value.getInt(4) : value.get(4) & 0xff,
        new Origin(file, placed.line(), placed.column(), ""));
  }

  /**
   * How many bits of protocol and port an entry's key has, 0..24.
   *
   * @throws UnreadableMap if it is no key of a policy map
   */
  static int bits(String file, MapDump.Placed placed) {
    ByteBuffer key = ByteBuffer.wrap(placed.entry().key()).order(ByteOrder.LITTLE_ENDIAN);
    int prefix = key.capacity() == KEY ? key.getInt(0) : -1;
    if (prefix < STATIC_BITS || prefix > ALL_BITS) {
      throw new UnreadableMap(
          file,
          placed.line(),
          placed.column(),
          "no entry of a Cilium policy map: a key has " + KEY
              + " bytes and begins with a prefix length of " + STATIC_BITS + " to " + ALL_BITS);
    }
    return prefix - STATIC_BITS;
  }

  /** Whether the identity is one of those that stand for many peers since Cilium 1.20: an aggregate, looked up between the peer's own and 0. */
  boolean isAggregate() {
    return identity >= FIRST_AGGREGATE && identity <= LAST_AGGREGATE;
  }

  /**
   * Whether the entry passes the decision on, as a precedence whose lowest byte is 0 does since Cilium 1.20. The first agents of 1.19 allowed
   * with it; the bytes do not tell the two apart.
   *
   * @param order of the release whose entry it is
   */
  boolean mayPassOn(DecisionOrder order) {
    return order == DecisionOrder.PRECEDENCE && !deny() && (rank & LOWEST_BYTE) == 0;
  }

  boolean deny() {
    return (flags & 1) != 0;
  }

  /** Whether what it lets pass goes to a proxy, or has to be authenticated first. */
  boolean diverts() {
    return proxied || authentication != 0;
  }

  /** This entry with the authentication of the other one that a packet matches, unless its own was asked for or ranks as high. */
  PolicyEntry authenticatedLike(PolicyEntry other) {
    return explicit || other.authentication <= authentication
        ? this
        : new PolicyEntry(
            identity,
            direction,
            bits,
            protocol,
            port,
            flags,
            proxied,
            other.authentication,
            false,
            rank,
            origin);
  }

  /** How long the value says the prefix is: programs compare this, not the key. */
  int length() {
    return flags >> 3;
  }

  /** 2 for a port, 1 for a protocol, 0 for neither, as the flags of 1.16 say. */
  int specificity() {
    return (flags & 4) == 0 ? 2 : (flags & 2) == 0 ? 1 : 0;
  }

  /** Whether a look-up of this protocol and port finds the entry. */
  boolean matches(int packetProtocol, int packetPort) {
    int key = protocol << 16 | port;
    int packet = packetProtocol << 16 | packetPort;
    return bits == 0 || (key ^ packet) >>> 24 - bits == 0;
  }

  /** Whether it matches only some ports. */
  boolean hasPort() {
    return bits > 8;
  }

  int firstPort() {
    return port & ~(lastBits());
  }

  int lastPort() {
    return port | lastBits();
  }

  private int lastBits() {
    return (1 << 24 - bits) - 1;
  }

  @Override
  public String toString() {
    String what = bits == 0
        ? "anything"
        : "protocol " + protocol + (hasPort() ? " port " + port + "/" + (bits - 8) : "");
    return (identity == 0 ? "any identity" : "identity " + identity) + ", " + what + ": "
        + (deny() ? "deny" : diverts() ? "redirect or authenticate" : "allow");
  }
}
