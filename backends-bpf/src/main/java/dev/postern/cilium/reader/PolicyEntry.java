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
 * @param length the same number of bits as the value states it: the programs compare this one
 * @param deny whether it denies
 * @param redirects whether it hands packets to a proxy, or asks for authentication first
 * @param rank what decides between an identity's entry and the one for any, unsigned: precedence, or the proxy port's priority
 * @param origin where the dump has it
 */
record PolicyEntry(
    int identity,
    Direction direction,
    int bits,
    int protocol,
    int port,
    int length,
    boolean deny,
    boolean redirects,
    int rank,
    Origin origin) {

  private static final int SIZE = 12;
  private static final int STATIC_BITS = 40;
  private static final int ALL_BITS = 64;

  /**
   * Decodes an entry.
   *
   * @param precedence whether values have the 1.19 line's precedence
   * @throws UnreadableMap if it does not have the layout's form
   */
  static PolicyEntry of(String file, MapDump.Placed placed, boolean precedence) {
    ByteBuffer key = ByteBuffer.wrap(placed.entry().key()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer value = ByteBuffer.wrap(placed.entry().value()).order(ByteOrder.LITTLE_ENDIAN);
    int prefix = key.capacity() == SIZE ? key.getInt(0) : -1;
    if (value.capacity() != SIZE || prefix < STATIC_BITS || prefix > ALL_BITS) {
      throw new UnreadableMap(
          file,
          placed.line(),
          placed.column(),
          "no entry of a Cilium policy map: key and value have " + SIZE
              + " bytes each, and the key begins with a prefix length of " + STATIC_BITS + " to "
              + ALL_BITS);
    }
    int side = key.get(8) & 0xff;
    if (side > 1) {
      throw new UnreadableMap(
          file, placed.line(), placed.column(), "the direction is 0 or 1, not " + side);
    }
    int flags = value.get(2) & 0xff;
    return new PolicyEntry(
        key.getInt(4),
        side == 1 ? Direction.EGRESS : Direction.INGRESS,
        prefix - STATIC_BITS,
        key.get(9) & 0xff,
        (key.get(10) & 0xff) << 8 | key.get(11) & 0xff,
        flags >> 3,
        (flags & 1) != 0,
        value.getShort(0) != 0 || (value.get(3) & 0x7f) != 0,
        precedence ? value.getInt(4) : value.get(4) & 0xff,
        new Origin(file, placed.line(), placed.column(), ""));
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
        + (deny ? "deny" : redirects ? "redirect or authenticate" : "allow");
  }
}
