package dev.postern.netfilter;

import dev.postern.net.Address;
import dev.postern.net.Family;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The first packet of a connection as bytes, checksums and all.
 *
 * @param source who sends it
 * @param destination who gets it, of the same family
 * @param protocol 6, 17, 132, or 1 and 58 for an echo request; any other has no header of its own
 * @param sourcePort 1..65535; the identifier of an echo request
 * @param port the destination port 1..65535, where the protocol has one
 * @param number what its last bytes say
 */
record Packet(
    Address source, Address destination, int protocol, int sourcePort, int port, int number) {

  String hex() {
    return HexFormat.of().formatHex(source.family() == Family.IPV4 ? ipv4() : ipv6());
  }

  private byte[] ipv4() {
    byte[] payload = payload();
    ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
    packet.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payload.length));
    packet.putShort((short) 0).putShort((short) 0x4000);
    packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
    packet.put(source.bytes()).put(destination.bytes());
    packet.putShort(10, (short) ~sum(packet.array(), 20, 0));
    packet.put(payload);
    return packet.array();
  }

  private byte[] ipv6() {
    byte[] payload = payload();
    ByteBuffer packet = ByteBuffer.allocate(40 + payload.length);
    packet.putInt(0x6000_0000).putShort((short) payload.length);
    packet.put((byte) protocol).put((byte) 64);
    packet.put(source.bytes()).put(destination.bytes()).put(payload);
    return packet.array();
  }

  private byte[] payload() {
    return switch (protocol) {
      case 6 -> tcp();
      case 17 -> udp();
      case 132 -> sctp();
      case 1, 58 -> echo();
      default -> mark(ByteBuffer.allocate(16)).array();
    };
  }

  private byte[] tcp() {
    ByteBuffer segment = ByteBuffer.allocate(28);
    segment.putShort((short) sourcePort).putShort((short) port).putInt(1).putInt(0);
    segment.put((byte) 0x50).put((byte) 0x02).putShort((short) 1024).putInt(0);
    mark(segment);
    return segment.putShort(16, (short) ~pseudo(segment.array())).array();
  }

  private byte[] udp() {
    ByteBuffer datagram = ByteBuffer.allocate(16);
    datagram.putShort((short) sourcePort).putShort((short) port).putShort((short) 16);
    datagram.putShort((short) 0);
    mark(datagram);
    int checksum = ~pseudo(datagram.array()) & 0xFFFF;
    return datagram.putShort(6, (short) (checksum == 0 ? 0xFFFF : checksum)).array();
  }

  /** An INIT chunk, with our number as a parameter that receivers skip. */
  private byte[] sctp() {
    ByteBuffer packet = ByteBuffer.allocate(12 + 20 + 12);
    packet.putShort((short) sourcePort).putShort((short) port).putInt(0).putInt(0);
    packet.put((byte) 1).put((byte) 0).putShort((short) 32);
    packet
        .putInt(number + 1)
        .putInt(65536)
        .putShort((short) 1)
        .putShort((short) 1)
        .putInt(1);
    packet.putShort((short) 0x8001).putShort((short) 12);
    mark(packet);
    CRC32C crc = new CRC32C();
    crc.update(packet.array());
    return packet.putInt(8, Integer.reverseBytes((int) crc.getValue())).array();
  }

  private byte[] echo() {
    ByteBuffer message = ByteBuffer.allocate(16);
    message.put((byte) (protocol == 1 ? 8 : 128)).put((byte) 0).putShort((short) 0);
    message.putShort((short) sourcePort).putShort((short) 1);
    mark(message);
    int checksum =
        protocol == 1 ? ~sum(message.array(), message.capacity(), 0) : ~pseudo(message.array());
    return message.putShort(2, (short) checksum).array();
  }

  private ByteBuffer mark(ByteBuffer buffer) {
    buffer.position(buffer.capacity() - 8);
    return buffer.put("PSTN".getBytes(StandardCharsets.US_ASCII)).putInt(number);
  }

  /** The Internet checksum's sum with the pseudo header. */
  private int pseudo(byte[] payload) {
    int sum = protocol + payload.length;
    sum = sum(source.bytes(), source.bytes().length, sum);
    sum = sum(destination.bytes(), destination.bytes().length, sum);
    return sum(payload, payload.length, sum);
  }

  private static int sum(byte[] bytes, int length, int start) {
    int sum = start;
    for (int i = 0; i + 1 < length; i += 2) {
      sum += (bytes[i] & 0xFF) << 8 | (bytes[i + 1] & 0xFF);
    }
    while (sum > 0xFFFF) {
      sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return sum;
  }
}
