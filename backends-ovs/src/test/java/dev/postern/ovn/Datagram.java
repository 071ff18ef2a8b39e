package dev.postern.ovn;

import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The first packet of a connection as bytes on the wire, checksums and all, so that connection tracking takes it for one: a TCP SYN, a UDP
 * datagram, an SCTP INIT, an ICMP echo request.
 *
 * @param tag what tells it from others: the source port, or ICMP's identifier; 1..65535
 * @param port the destination port; 0 for a protocol without ports
 */
record Datagram(Address source, Address destination, Protocol protocol, int port, int tag) {

  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private boolean isV4() {
    return source.family() == Family.IPV4;
  }

  private int number() {
    return protocol.hasPorts() ? protocol.number() : isV4() ? ICMP : ICMPV6;
  }

  /** The whole frame in hexadecimal, between two MACs such as {@code 0a:00:00:00:00:01}. */
  String frame(String sourceMac, String destinationMac) {
    byte[] payload = payload();
    ByteBuffer frame = ByteBuffer.allocate(14 + (isV4() ? 20 : 40) + payload.length);
    frame.put(mac(destinationMac)).put(mac(sourceMac)).putShort((short) (isV4() ? 0x800 : 0x86dd));
    if (isV4()) {
      ByteBuffer header = ByteBuffer.allocate(20);
      header.putShort((short) 0x4500).putShort((short) (20 + payload.length)).putInt(0);
      header.put((byte) 64).put((byte) number()).putShort((short) 0);
      header.put(source.bytes()).put(destination.bytes());
      header.putShort(10, checksum(header.array()));
      frame.put(header.array());
    } else {
      frame.putInt(0x60000000).putShort((short) payload.length).put((byte) number());
      frame.put((byte) 64).put(source.bytes()).put(destination.bytes());
    }
    return HexFormat.of().formatHex(frame.put(payload).array());
  }

  private static byte[] mac(String text) {
    return HexFormat.ofDelimiter(":").parseHex(text);
  }

  private byte[] payload() {
    return switch (protocol) {
      case TCP -> tcp();
      case UDP -> udp();
      case SCTP -> sctp();
      case OTHER -> echo();
    };
  }

  private byte[] tcp() {
    ByteBuffer segment = ByteBuffer.allocate(20);
    segment.putShort((short) tag).putShort((short) port).putInt(1).putInt(0);
    segment.putShort((short) 0x5002).putShort((short) 1024);
    return segment.putShort(16, overPseudoHeader(segment.array())).array();
  }

  private byte[] udp() {
    ByteBuffer datagram = ByteBuffer.allocate(8);
    datagram.putShort((short) tag).putShort((short) port).putShort((short) 8);
    return datagram.putShort(6, overPseudoHeader(datagram.array())).array();
  }

  private byte[] sctp() {
    ByteBuffer packet = ByteBuffer.allocate(12 + 20);
    packet.putShort((short) tag).putShort((short) port).putInt(0).putInt(0);
    packet.put((byte) 1).put((byte) 0).putShort((short) 20);
    packet.putInt(7).putInt(65536).putShort((short) 1).putShort((short) 1).putInt(1);
    CRC32C crc = new CRC32C();
    crc.update(packet.array());
    // The one field of SCTP that is little endian (RFC 9260, appendix A).
    return packet.putInt(8, Integer.reverseBytes((int) crc.getValue())).array();
  }

  private byte[] echo() {
    ByteBuffer message = ByteBuffer.allocate(8);
    message.put((byte) (isV4() ? 8 : 128)).put((byte) 0).putShort((short) 0);
    message.putShort((short) tag).putShort((short) 1);
    short sum = isV4() ? checksum(message.array()) : overPseudoHeader(message.array());
    return message.putShort(2, sum).array();
  }

  private short overPseudoHeader(byte[] payload) {
    ByteBuffer all = ByteBuffer.allocate(40 + payload.length);
    all.put(source.bytes()).put(destination.bytes()).putInt(payload.length).putInt(number());
    return checksum(all.put(payload).array());
  }

  /** The Internet's checksum (RFC 1071). */
  private static short checksum(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + bytes.length % 2));
    long sum = 0;
    while (words.hasRemaining()) {
      sum += words.getShort() & 0xffff;
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (short) ~sum;
  }

  /** Whether a frame that arrived is this packet. */
  boolean isIn(byte[] frame) {
    int header = isV4() ? 14 + 20 : 14 + 40;
    if (frame.length < header + 8) {
      return false;
    }
    int size = destination.bytes().length;
    byte[] to = Arrays.copyOfRange(frame, header - size, header);
    byte[] from = Arrays.copyOfRange(frame, header - 2 * size, header - size);
    ByteBuffer words = ByteBuffer.wrap(frame);
    int number = frame[isV4() ? 14 + 9 : 14 + 6] & 255;
    boolean same = number == number()
        && Arrays.equals(from, source.bytes())
        && Arrays.equals(to, destination.bytes());
    return same
        && (protocol.hasPorts()
            ? at(words, header) == tag && at(words, header + 2) == port
            : at(words, header + 4) == tag);
  }

  private static int at(ByteBuffer words, int index) {
    return words.getShort(index) & 0xffff;
  }
}
