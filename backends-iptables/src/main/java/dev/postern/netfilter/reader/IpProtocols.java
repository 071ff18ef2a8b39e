package dev.postern.netfilter.reader;

import java.util.Map;
import java.util.OptionalInt;

/** The protocol names that the tools print instead of numbers (/etc/protocols of Debian, and iptables' own). */
public final class IpProtocols {

  private static final Map<String, Integer> NUMBERS = Map.ofEntries(
      Map.entry("icmp", 1),
      Map.entry("igmp", 2),
      Map.entry("ipencap", 4),
      Map.entry("ipip", 4),
      Map.entry("tcp", 6),
      Map.entry("udp", 17),
      Map.entry("dccp", 33),
      Map.entry("ipv6", 41),
      Map.entry("rsvp", 46),
      Map.entry("gre", 47),
      Map.entry("esp", 50),
      Map.entry("ipv6-crypt", 50),
      Map.entry("ah", 51),
      Map.entry("ipv6-auth", 51),
      Map.entry("ipv6-icmp", 58),
      Map.entry("icmpv6", 58),
      Map.entry("icmp6", 58),
      Map.entry("ospf", 89),
      Map.entry("ospfigp", 89),
      Map.entry("pim", 103),
      Map.entry("ipcomp", 108),
      Map.entry("vrrp", 112),
      Map.entry("l2tp", 115),
      Map.entry("sctp", 132),
      Map.entry("udplite", 136));

  private IpProtocols() {}

  public static OptionalInt number(String name) {
    Integer known = NUMBERS.get(name);
    if (known != null) {
      return OptionalInt.of(known);
    }
    if (name.isEmpty() || name.length() > 3 || !name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalInt.empty();
    }
    int number = Integer.parseInt(name);
    return number <= 255 ? OptionalInt.of(number) : OptionalInt.empty();
  }
}
