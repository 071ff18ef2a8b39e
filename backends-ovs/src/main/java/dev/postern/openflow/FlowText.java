package dev.postern.openflow;

import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.List;

/** The parts of a flow's match as ovs-fields(7) writes them. */
final class FlowText {

  private static final int BITS = 16;

  private FlowText() {}

  /** The kind of packet: {@code ip}, {@code tcp6} …; {@link Protocol#OTHER} stands for all of a family. */
  static String kind(Family family, Protocol protocol) {
    boolean ipv4 = family == Family.IPV4;
    return protocol == Protocol.OTHER
        ? (ipv4 ? "ip" : "ipv6")
        : protocol.word() + (ipv4 ? "" : "6");
  }

  /** Packets from or to an address. */
  static String address(Address address, boolean source) {
    return kind(address.family(), Protocol.OTHER) + "," + field(address, source);
  }

  static String field(Address address, boolean source) {
    return name(address.family(), source) + "=" + address;
  }

  static String field(Cidr cidr, boolean source) {
    return cidr.prefix() == cidr.family().bits()
        ? field(cidr.network(), source)
        : name(cidr.family(), source) + "=" + cidr;
  }

  private static String name(Family family, boolean source) {
    return (family == Family.IPV4 ? "nw_" : "ipv6_") + (source ? "src" : "dst");
  }

  /** Ports as values with masks. */
  static List<String> masked(PortSet ports) {
    List<String> masked = new ArrayList<>();
    for (PortSet.Interval interval : ports.intervals()) {
      int from = interval.first();
      while (from <= interval.last()) {
        int size = Integer.lowestOneBit(from);
        while (from + size - 1 > interval.last()) {
          size >>= 1;
        }
        masked.add(
            size == 1
                ? Integer.toString(from)
                : String.format("0x%x/0x%x", from, (1 << BITS) - size));
        from += size;
      }
    }
    return masked;
  }
}
