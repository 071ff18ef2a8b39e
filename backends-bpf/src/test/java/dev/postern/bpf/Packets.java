package dev.postern.bpf;

import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.nio.ByteBuffer;

/** Packets as bytes on a wire, Ethernet header first. Checksums are left out: nobody here looks at them. */
final class Packets {

  private static final int ETHERNET = 14;

  private Packets() {}

  static Address address(End end) {
    return end instanceof End.InPod pod
        ? pod.address().orElseThrow()
        : ((End.Outside) end).address();
  }

  /** The first packet of a flow; a flow without ports is a ping. */
  static byte[] first(Flow flow, int sourcePort) {
    Address source = address(flow.source());
    Address destination = address(flow.destination());
    return ip(
        source,
        destination,
        number(flow.protocol(), source.family()),
        payload(flow, sourcePort, source.family()));
  }

  /** A packet from the flow's destination back to its source. */
  static byte[] reply(Flow flow, int sourcePort) {
    Address source = address(flow.source());
    Address destination = address(flow.destination());
    ByteBuffer payload = ByteBuffer.allocate(20);
    payload.putShort((short) flow.port()).putShort((short) sourcePort);
    return ip(destination, source, number(flow.protocol(), source.family()), payload.array());
  }

  static int number(Protocol protocol, Family family) {
    return protocol.hasPorts() ? protocol.number() : family == Family.IPV4 ? 1 : 58;
  }

  private static byte[] payload(Flow flow, int sourcePort, Family family) {
    ByteBuffer payload = ByteBuffer.allocate(20);
    if (flow.protocol().hasPorts()) {
      payload.putShort((short) sourcePort).putShort((short) flow.port());
    } else {
      payload
          .put((byte) (family == Family.IPV4 ? 8 : 128))
          .put((byte) 0)
          .putShort((short) 0)
          .putShort((short) sourcePort);
    }
    return payload.array();
  }

  static byte[] ip(Address source, Address destination, int protocol, byte[] payload) {
    return source.family() == Family.IPV4
        ? ipv4(source, destination, protocol, payload, new byte[0], 0)
        : ipv6(source, destination, protocol, payload);
  }

  /** IPv4 with options (a multiple of 4 bytes) and the 16 bits of flags and fragment offset. */
  static byte[] ipv4(
      Address source,
      Address destination,
      int protocol,
      byte[] payload,
      byte[] options,
      int fragment) {
    ByteBuffer packet = ByteBuffer.allocate(ETHERNET + 20 + options.length + payload.length);
    packet.position(12);
    packet.putShort((short) 0x0800);
    packet.put((byte) (0x40 | (20 + options.length) / 4)).put((byte) 0);
    packet.putShort((short) (20 + options.length + payload.length));
    packet.putShort((short) 77).putShort((short) fragment);
    packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
    packet.put(source.bytes()).put(destination.bytes()).put(options).put(payload);
    return packet.array();
  }

  static byte[] ipv6(Address source, Address destination, int next, byte[] payload) {
    ByteBuffer packet = ByteBuffer.allocate(ETHERNET + 40 + payload.length);
    packet.position(12);
    packet.putShort((short) 0x86dd);
    packet.putInt(0x60000000).putShort((short) payload.length).put((byte) next).put((byte) 64);
    packet.put(source.bytes()).put(destination.bytes()).put(payload);
    return packet.array();
  }
}
