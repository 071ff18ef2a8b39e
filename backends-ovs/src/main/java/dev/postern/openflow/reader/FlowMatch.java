package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the match of a flow says of an IP packet (ovs-fields(7)). */
final class FlowMatch {

  private static final Map<String, Integer> PROTOCOLS =
      Map.of("tcp", 6, "udp", 17, "sctp", 132, "icmp", 1, "icmp6", 58);
  private static final Map<String, ConnectionState> STATES = Map.of(
      "new", ConnectionState.NEW,
      "est", ConnectionState.ESTABLISHED,
      "rel", ConnectionState.RELATED,
      "inv", ConnectionState.INVALID);

  private FlowMatch() {}

  static Condition of(String match) {
    List<Condition> all = new ArrayList<>();
    for (String part : match.split(",")) {
      if (!part.isEmpty()) {
        all.addAll(part(part));
      }
    }
    return all.contains(Condition.NEVER) ? Condition.NEVER : new Condition.All(all);
  }

  private static List<Condition> part(String part) {
    int equals = part.indexOf('=');
    if (equals < 0) {
      return kind(part);
    }
    String value = part.substring(equals + 1);
    return switch (part.substring(0, equals)) {
      case "nw_src", "ipv6_src" -> List.of(new Condition.Source(addresses(value)));
      case "nw_dst", "ipv6_dst" -> List.of(new Condition.Destination(addresses(value)));
      case "tp_dst", "tcp_dst", "udp_dst", "sctp_dst" -> List.of(port(value));
      case "icmp_type", "icmpv6_type" ->
        List.of(new Condition.IcmpType(Set.of(Integer.decode(value))));
      case "ct_state" -> states(value);
      default ->
        part.startsWith("reg")
            ? List.of(new Condition.Mark(Integer.decode(value), -1))
            : List.of(new Condition.Unknown(part));
    };
  }

  private static List<Condition> kind(String word) {
    if (word.equals("arp") || word.equals("rarp")) {
      return List.of(Condition.NEVER);
    }
    boolean ipv6 = word.equals("ipv6") || word.endsWith("6");
    Condition family =
        new Condition.Source(AddressSet.of(Cidr.all(ipv6 ? Family.IPV6 : Family.IPV4)));
    if (word.equals("ip") || word.equals("ipv6")) {
      return List.of(family);
    }
    Integer number = PROTOCOLS.get(
        word.endsWith("6") && !word.equals("icmp6") ? word.substring(0, word.length() - 1) : word);
    return number == null
        ? List.of(new Condition.Unknown(word))
        : List.of(family, new Condition.IpProtocol(Set.of(number)));
  }

  private static AddressSet addresses(String text) {
    return AddressSet.of(text.indexOf('/') < 0 ? Cidr.of(Address.parse(text)) : Cidr.parse(text));
  }

  /** A port, or a value with a mask of leading ones. */
  private static Condition port(String text) {
    int slash = text.indexOf('/');
    int value = Integer.decode(slash < 0 ? text : text.substring(0, slash));
    int mask = slash < 0 ? 0xffff : Integer.decode(text.substring(slash + 1));
    int free = 0xffff & ~mask;
    return (free & free + 1) == 0
        ? new Condition.DestinationPort(value & mask, value | free)
        : new Condition.Unknown("tp_dst=" + text);
  }

  private static List<Condition> states(String text) {
    List<Condition> all = new ArrayList<>();
    for (String flag : text.split("(?=[+-])")) {
      String name = flag.substring(1);
      ConnectionState state = STATES.get(name);
      Condition set = name.equals("trk")
          ? Condition.ALWAYS
          : name.equals("rpl")
              ? new Condition.Reply()
              : state == null
                  ? new Condition.Unknown("ct_state=" + flag)
                  : new Condition.State(Set.of(state));
      all.add(flag.startsWith("+") ? set : new Condition.Not(set));
    }
    return all;
  }
}
