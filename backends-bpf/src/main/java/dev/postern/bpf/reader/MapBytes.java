package dev.postern.bpf.reader;

import dev.postern.mapdump.MapEntry;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.policy.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * What the bytes of the maps say to the program, read from {@code postern.c} and from nothing of what writes them: numbers in keys are in
 * network order, all others in the machine's, which is little-endian on every machine that runs the program.
 */
final class MapBytes {

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

  /** The version of the layout that this reads. */
  static final int VERSION = 1;

  /** The prefix of the identities' entry that says the version: family 0, all bits of an address. */
  private static final int IDENTITY_MARK = 160;

  private static final int FAMILY_BITS = 32;

  private MapBytes() {}

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

  /** The version that an entry says; empty if it is one of another kind. A version's key is a prefix of a map's full length, and all else 0. */
  static OptionalInt version(MapEntry entry) {
    byte[] key = entry.key();
    boolean identities = key.length == IDENTITY_KEY && prefix(key) == IDENTITY_MARK;
    boolean policies = key.length == POLICY_KEY && prefix(key) == ONE_PORT;
    for (int i = Integer.BYTES; i < key.length; i++) {
      identities &= key[i] == 0;
      policies &= key[i] == 0;
    }
    return (identities || policies) && entry.value().length >= Integer.BYTES
        ? OptionalInt.of(
            ByteBuffer.wrap(entry.value()).order(ByteOrder.LITTLE_ENDIAN).getInt())
        : OptionalInt.empty();
  }

  private static int prefix(byte[] key) {
    return ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /**
   * The network of an identity's key.
   *
   * @throws IllegalArgumentException if the key is none; the message says why
   */
  static Cidr cidr(byte[] key) {
    ByteBuffer buffer = buffer(key, IDENTITY_KEY, "an identity's key");
    int bits = buffer.order(ByteOrder.LITTLE_ENDIAN).getInt() - FAMILY_BITS;
    int family = buffer.order(ByteOrder.BIG_ENDIAN).getInt();
    if (family != 4 && family != 6) {
      throw new IllegalArgumentException("no address family " + family);
    }
    Address address = family == 4
        ? Address.ipv4(Integer.toUnsignedLong(buffer.getInt()))
        : Address.ipv6(buffer.getLong(), buffer.getLong());
    if (bits < 0 || bits > address.family().bits()) {
      throw new IllegalArgumentException("no prefix of " + bits + " bits");
    }
    return new Cidr(address, bits);
  }

  /**
   * An identity.
   *
   * @throws IllegalArgumentException if the value is none
   */
  static Identity identity(byte[] value) {
    ByteBuffer buffer = buffer(value, IDENTITY_VALUE, "an identity").order(ByteOrder.LITTLE_ENDIAN);
    return new Identity(buffer.getInt(), buffer.getInt(), buffer.getInt(), buffer.getInt());
  }

  /**
   * What a policy entry is about.
   *
   * @throws IllegalArgumentException if the key is none
   */
  static PolicyKey policyKey(byte[] key) {
    ByteBuffer buffer = buffer(key, POLICY_KEY, "a policy's key");
    int bits = buffer.order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (bits < ANY_PROTOCOL || bits > ONE_PORT || (bits > ANY_PROTOCOL && bits < ANY_PORT)) {
      throw new IllegalArgumentException("no prefix of " + bits + " bits");
    }
    buffer.order(ByteOrder.BIG_ENDIAN);
    int group = buffer.getInt();
    int peer = buffer.getInt();
    int direction = buffer.get();
    int protocol = Byte.toUnsignedInt(buffer.get());
    int port = Short.toUnsignedInt(buffer.getShort());
    if (direction != 0 && direction != 1) {
      throw new IllegalArgumentException("no direction " + direction);
    }
    return new PolicyKey(
        bits, group, peer, direction == 1 ? Direction.EGRESS : Direction.INGRESS, protocol, port);
  }

  /** Whether a policy entry lets pass: exactly 1 does, as in the program. */
  static boolean passes(byte[] value) {
    return buffer(value, POLICY_VALUE, "a verdict")
            .order(ByteOrder.LITTLE_ENDIAN)
            .getInt()
        == 1;
  }

  private static ByteBuffer buffer(byte[] bytes, int length, String what) {
    if (bytes.length != length) {
      throw new IllegalArgumentException(what + " has " + length + " bytes, not " + bytes.length);
    }
    return ByteBuffer.wrap(bytes);
  }
}
