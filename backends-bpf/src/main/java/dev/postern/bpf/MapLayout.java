package dev.postern.bpf;

import dev.postern.mapdump.MapEntry;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * How entries of the maps are written, in the byte layout that {@code postern.c} declares: numbers in keys in network order, so that an LPM trie may take their
 * first bits; everything else in the machine's order, which is little-endian on every machine that runs this.
 */
final class MapLayout {

  static final int IDENTITY_KEY = 24;
  static final int IDENTITY_VALUE = 16;
  static final int POLICY_KEY = 16;
  static final int POLICY_VALUE = 4;

  /** The bits of a policy key before the protocol, before the port, and in all. */
  static final int ANY_PROTOCOL = 72;

  static final int ANY_PORT = 80;
  static final int ONE_PORT = 96;

  /** The peer that stands for everyone who has no entry of his own. */
  static final int ANYONE = 0;

  /** Set in an identity's node for the node itself. */
  static final int IS_NODE = 1 << 31;

  /** The protocol that stands for all that have no ports. */
  static final int OTHER_PROTOCOLS = 0;

  /** The version of this layout. Another one may mean something else by the same bytes. */
  static final int VERSION = 1;

  /** What an identity's key says of the version: of no address family, so that no packet is looked up under it. */
  private static final MapEntry IDENTITY_MARK = mark(IDENTITY_KEY, 160, IDENTITY_VALUE);

  /** The same of a policy's key: of group 0, which has no rules. */
  private static final MapEntry POLICY_MARK = mark(POLICY_KEY, ONE_PORT, POLICY_VALUE);

  private static final int FAMILY_BITS = 32;

  private MapLayout() {}

  /**
   * Who has an address.
   *
   * @param number what policies tell apart, from 1
   * @param egress the group whose rules hold for what it sends; 0 for none
   * @param ingress the group whose rules hold for what it gets; 0 for none
   * @param node the node it runs on, from 1; 0 if it is not known; with {@link #IS_NODE} for the node itself
   */
  record Identity(int number, int egress, int ingress, int node) {}

  /**
   * What a policy entry is about.
   *
   * @param bits how many bits of it count: {@link #ANY_PROTOCOL}, {@link #ANY_PORT}, or that and the bits of the port's prefix
   * @param group the group
   * @param peer an identity's number, or {@link #ANYONE}
   * @param direction the group's side
   * @param protocol 6, 17, 132, or {@link #OTHER_PROTOCOLS}
   * @param port the port, or the first of its prefix
   */
  record PolicyKey(int bits, int group, int peer, Direction direction, int protocol, int port) {}

  private static MapEntry mark(int key, int bits, int value) {
    return new MapEntry(
        ByteBuffer.allocate(key).order(ByteOrder.LITTLE_ENDIAN).putInt(bits).array(),
        ByteBuffer.allocate(value)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(VERSION)
            .array());
  }

  /** The entries with one before them that says which version of the layout they are of. */
  static List<MapEntry> marked(boolean identities, List<MapEntry> entries) {
    List<MapEntry> marked = new ArrayList<>();
    marked.add(identities ? IDENTITY_MARK : POLICY_MARK);
    marked.addAll(entries);
    return marked;
  }

  static MapEntry identity(Cidr cidr, Identity identity) {
    ByteBuffer key = ByteBuffer.allocate(IDENTITY_KEY).order(ByteOrder.LITTLE_ENDIAN);
    key.putInt(FAMILY_BITS + cidr.prefix());
    key.order(ByteOrder.BIG_ENDIAN).putInt(cidr.family() == Family.IPV4 ? 4 : 6);
    key.put(cidr.network().bytes());
    ByteBuffer value = ByteBuffer.allocate(IDENTITY_VALUE).order(ByteOrder.LITTLE_ENDIAN);
    value
        .putInt(identity.number)
        .putInt(identity.egress)
        .putInt(identity.ingress)
        .putInt(identity.node);
    return new MapEntry(key.array(), value.array());
  }

  static MapEntry policy(PolicyKey about, boolean passes) {
    ByteBuffer key = ByteBuffer.allocate(POLICY_KEY).order(ByteOrder.LITTLE_ENDIAN);
    key.putInt(about.bits);
    key.order(ByteOrder.BIG_ENDIAN).putInt(about.group).putInt(about.peer);
    key.put((byte) (about.direction == Direction.EGRESS ? 1 : 0)).put((byte) about.protocol);
    key.putShort((short) about.port);
    ByteBuffer value = ByteBuffer.allocate(POLICY_VALUE).order(ByteOrder.LITTLE_ENDIAN);
    value.putInt(passes ? 1 : 0);
    return new MapEntry(key.array(), value.array());
  }
}
