package dev.postern.ovn;

import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The parts of a match, as OVN's expression language (ovn-sb(5), Logical_Flow) writes them. */
final class MatchText {

  private static final int BITS = 16;

  private MatchText() {}

  /** {@code ip4.src}, {@code ip6.dst} …: the field that holds the peer's address. */
  static String field(Family family, boolean toPort) {
    return (family == Family.IPV4 ? "ip4" : "ip6") + (toPort ? ".src" : ".dst");
  }

  /** {@code ip4} or {@code ip6}. */
  static String family(Family family) {
    return family == Family.IPV4 ? "ip4" : "ip6";
  }

  /** {@code field == {…}} of networks. */
  static String among(String field, Collection<Cidr> cidrs) {
    return field + " == " + constants(cidrs.stream().map(MatchText::constant).toList());
  }

  /** A single address without its prefix length: that is an exact match. */
  static String constant(Cidr cidr) {
    return cidr.prefix() == cidr.family().bits() ? cidr.network().toString() : cidr.toString();
  }

  private static String constants(List<String> constants) {
    return constants.size() == 1 ? constants.get(0) : "{" + String.join(", ", constants) + "}";
  }

  /**
   * The traffic as alternatives, each a condition to be joined with {@code &&}; one empty text for all traffic.
   *
   * @param traffic without other protocols, or all: the language cannot say "any protocol but these"
   */
  static List<String> alternatives(Traffic traffic) {
    if (traffic.isAll()) {
      return List.of("");
    }
    List<String> alternatives = new ArrayList<>();
    List<String> whole = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      PortSet ports = traffic.ports(protocol);
      if (ports.isAll()) {
        whole.add(Integer.toString(protocol.number()));
      } else if (!ports.isEmpty()) {
        alternatives.add(protocol.word() + ".dst == " + constants(masked(ports)));
      }
    }
    if (!whole.isEmpty()) {
      alternatives.add("ip.proto == " + constants(whole));
    }
    return alternatives;
  }

  /**
   * Ports as values with masks. Value and mask are both hexadecimal: ovn-nbctl takes a decimal value with a hexadecimal mask, and
   * ovn-controller then ignores the ACL.
   */
  static List<String> masked(PortSet ports) {
    List<String> constants = new ArrayList<>();
    for (PortSet.Interval interval : ports.intervals()) {
      int from = interval.first();
      while (from <= interval.last()) {
        int size = from == 0 ? 1 << BITS : Integer.lowestOneBit(from);
        while (from + size - 1 > interval.last()) {
          size >>= 1;
        }
        constants.add(
            size == 1
                ? Integer.toString(from)
                : "0x" + Integer.toHexString(from) + "/0x"
                    + Integer.toHexString((1 << BITS) - size));
        from += size;
      }
    }
    return constants;
  }
}
