package dev.postern.net;

import java.util.ArrayList;
import java.util.List;

/**
 * What travels between two endpoints: ports per protocol, and whether protocols without ports (ICMP and the rest) are in it. "All
 * traffic" differs from TCP, UDP and SCTP on all ports: a rule without {@code ports} passes ICMP, a rule with every port does not.
 *
 * @param tcp destination ports of TCP
 * @param udp destination ports of UDP
 * @param sctp destination ports of SCTP
 * @param other whether everything else is in it
 */
public record Traffic(PortSet tcp, PortSet udp, PortSet sctp, boolean other) {

  public static final Traffic NONE = new Traffic(PortSet.NONE, PortSet.NONE, PortSet.NONE, false);
  public static final Traffic ALL = new Traffic(PortSet.ALL, PortSet.ALL, PortSet.ALL, true);

  public static Traffic of(Protocol protocol, PortSet ports) {
    return switch (protocol) {
      case TCP -> new Traffic(ports, PortSet.NONE, PortSet.NONE, false);
      case UDP -> new Traffic(PortSet.NONE, ports, PortSet.NONE, false);
      case SCTP -> new Traffic(PortSet.NONE, PortSet.NONE, ports, false);
      case OTHER -> new Traffic(PortSet.NONE, PortSet.NONE, PortSet.NONE, true);
    };
  }

  public static Traffic tcp(int port) {
    return of(Protocol.TCP, PortSet.of(port));
  }

  public static Traffic udp(int port) {
    return of(Protocol.UDP, PortSet.of(port));
  }

  public boolean isEmpty() {
    return this == NONE || equals(NONE);
  }

  public boolean isAll() {
    return this == ALL || equals(ALL);
  }

  /**
   * The ports of one protocol.
   *
   * @throws IllegalArgumentException for {@link Protocol#OTHER}, which has none
   */
  public PortSet ports(Protocol protocol) {
    return switch (protocol) {
      case TCP -> tcp;
      case UDP -> udp;
      case SCTP -> sctp;
      case OTHER -> throw new IllegalArgumentException("other protocols have no ports");
    };
  }

  /** Whether it holds a packet; the port is ignored for {@link Protocol#OTHER}. */
  public boolean contains(Protocol protocol, int port) {
    return protocol == Protocol.OTHER ? other : ports(protocol).contains(port);
  }

  public boolean containsAll(Traffic traffic) {
    return tcp.containsAll(traffic.tcp)
        && udp.containsAll(traffic.udp)
        && sctp.containsAll(traffic.sctp)
        && (other || !traffic.other);
  }

  /** Whether some packet is in both. */
  public boolean intersects(Traffic that) {
    return (other && that.other)
        || tcp.intersects(that.tcp)
        || udp.intersects(that.udp)
        || sctp.intersects(that.sctp);
  }

  public Traffic union(Traffic that) {
    if (this == that || this == ALL || that == NONE) {
      return this;
    }
    if (that == ALL || this == NONE) {
      return that;
    }
    return new Traffic(
        tcp.union(that.tcp), udp.union(that.udp), sctp.union(that.sctp), other || that.other);
  }

  public Traffic intersect(Traffic that) {
    if (this == that || that == ALL || this == NONE) {
      return this;
    }
    if (this == ALL || that == NONE) {
      return that;
    }
    return new Traffic(
        tcp.intersect(that.tcp),
        udp.intersect(that.udp),
        sctp.intersect(that.sctp),
        other && that.other);
  }

  public Traffic minus(Traffic that) {
    if (that == NONE || this == NONE) {
      return this;
    }
    return new Traffic(
        tcp.minus(that.tcp), udp.minus(that.udp), sctp.minus(that.sctp), other && !that.other);
  }

  public Traffic complement() {
    return ALL.minus(this);
  }

  /** {@code all traffic}, {@code nothing}, or like {@code tcp/80,443 udp/53 sctp other protocols}; no numbers mean all ports. */
  @Override
  public String toString() {
    if (isAll()) {
      return "all traffic";
    }
    if (isEmpty()) {
      return "nothing";
    }
    List<String> parts = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      PortSet ports = ports(protocol);
      if (!ports.isEmpty()) {
        parts.add(ports.isAll() ? protocol.word() : protocol.word() + "/" + ports);
      }
    }
    if (other) {
      parts.add("other protocols");
    }
    return String.join(" ", parts);
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object that) {
    return that instanceof Traffic traffic
        && tcp.equals(traffic.tcp)
        && udp.equals(traffic.udp)
        && sctp.equals(traffic.sctp)
        && other == traffic.other;
  }

  @Override
  public int hashCode() {
    return ((tcp.hashCode() * 31 + udp.hashCode()) * 31 + sctp.hashCode()) * 31
        + Boolean.hashCode(other);
  }
}
