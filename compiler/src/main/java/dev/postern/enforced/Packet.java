package dev.postern.enforced;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.util.Locale;

/**
 * A packet, as far as any rule can see it.
 *
 * @param source its source address
 * @param destination its destination address, of the same family
 * @param protocol the IP protocol number, 0..255
 * @param sourcePort 1..65535 where the protocol {@link #hasPorts}, else 0
 * @param destinationPort 1..65535 where the protocol {@link #hasPorts}, else 0
 * @param icmpType 0..255 for ICMP, else 0
 * @param inInterface the name of the interface it came in through
 * @param outInterface the name of the interface it leaves through
 * @param state what conntrack says of its connection
 * @param reply whether it goes against the direction in which its connection was opened
 * @param mark the 32-bit mark that it bears at first
 */
public record Packet(
    Address source,
    Address destination,
    int protocol,
    int sourcePort,
    int destinationPort,
    int icmpType,
    String inInterface,
    String outInterface,
    ConnectionState state,
    boolean reply,
    int mark) {

  private static final int ICMP = 1;
  private static final int DCCP = 33;
  private static final int ICMPV6 = 58;
  private static final int UDP_LITE = 136;

  /** A source port that nothing is likely to mention. */
  private static final int SOME_PORT = 49152;

  /** @throws IllegalArgumentException if its addresses are of two families */
  public Packet {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException("no packet from " + source + " to " + destination);
    }
  }

  /** The first packet of a TCP, UDP or SCTP connection; of {@link Protocol#OTHER} an echo request. */
  public static Packet opening(
      Address source, Address destination, Protocol protocol, int destinationPort) {
    boolean ports = protocol.hasPorts();
    boolean ipv4 = source.family() == Family.IPV4;
    return new Packet(
        source,
        destination,
        ports ? protocol.number() : ipv4 ? ICMP : ICMPV6,
        ports ? SOME_PORT : 0,
        ports ? destinationPort : 0,
        ports ? 0 : ipv4 ? 8 : 128,
        "",
        "",
        ConnectionState.NEW,
        false,
        0);
  }

  /** The packet on other interfaces. */
  public Packet through(String in, String out) {
    return new Packet(
        source,
        destination,
        protocol,
        sourcePort,
        destinationPort,
        icmpType,
        in,
        out,
        state,
        reply,
        mark);
  }

  /** The packet in another state of its connection. */
  public Packet in(ConnectionState other, boolean asReply) {
    return new Packet(
        source,
        destination,
        protocol,
        sourcePort,
        destinationPort,
        icmpType,
        inInterface,
        outInterface,
        other,
        asReply,
        mark);
  }

  /** Whether a protocol number has ports: TCP, UDP, SCTP, DCCP and UDP-Lite. */
  public static boolean hasPorts(int protocol) {
    return protocol == Protocol.TCP.number()
        || protocol == Protocol.UDP.number()
        || protocol == Protocol.SCTP.number()
        || protocol == DCCP
        || protocol == UDP_LITE;
  }

  /** Whether it is ICMP of its own family. */
  public boolean isIcmp() {
    return protocol == icmp(source.family());
  }

  /** The protocol number of a family's ICMP. */
  public static int icmp(Family family) {
    return family == Family.IPV4 ? ICMP : ICMPV6;
  }

  /** The protocol as policies see it: everything but TCP, UDP and SCTP is {@link Protocol#OTHER}. */
  public Protocol policyProtocol() {
    for (Protocol known : Protocol.values()) {
      if (known.number() == protocol) {
        return known;
      }
    }
    return Protocol.OTHER;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder()
        .append(source)
        .append(" -> ")
        .append(destination)
        .append(' ')
        .append(
            policyProtocol() == Protocol.OTHER
                ? "protocol " + protocol
                : policyProtocol().word());
    if (hasPorts(protocol)) {
      text.append('/').append(destinationPort).append(" from port ").append(sourcePort);
    }
    if (isIcmp()) {
      text.append(" (icmp type ").append(icmpType).append(')');
    }
    if (!inInterface.isEmpty()) {
      text.append(" in ").append(inInterface);
    }
    if (!outInterface.isEmpty()) {
      text.append(" out ").append(outInterface);
    }
    text.append(' ').append(state.name().toLowerCase(Locale.ROOT));
    return reply ? text.append(" reply").toString() : text.toString();
  }
}
