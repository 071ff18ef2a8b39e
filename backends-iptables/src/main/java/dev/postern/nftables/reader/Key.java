package dev.postern.nftables.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Packet;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.netfilter.reader.Connections;
import dev.postern.netfilter.reader.IpProtocols;
import dev.postern.netfilter.reader.PrintedAddresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A field of a packet that rules compare (nft(8), "expressions"), and what it means to have a value.
 *
 * @param name as nft prints it
 */
record Key(String name) {

  /** Hop-by-hop and destination options, routing, fragment, authentication, mobility, host identity, shim. */
  private static final Set<Integer> EXTENSION_HEADERS = Set.of(0, 43, 44, 51, 60, 135, 139, 140);

  private static final Set<String> TRANSPORT = Set.of("tcp", "udp", "sctp", "dccp", "udplite");

  private static final Set<String> KNOWN = Set.of(
      "ip saddr",
      "ip daddr",
      "ip protocol",
      "ip6 saddr",
      "ip6 daddr",
      "ip6 nexthdr",
      "meta l4proto",
      "meta nfproto",
      "meta skuid",
      "meta skgid",
      "meta iifname",
      "meta oifname",
      "meta iif",
      "meta oif",
      "ct state",
      "ct direction",
      "ct status",
      "icmp type",
      "icmpv6 type",
      "th sport",
      "th dport");

  private static final Map<String, Integer> ICMP = new HashMap<>();
  private static final Map<String, Integer> ICMPV6 = new HashMap<>();

  static {
    ICMP.putAll(Map.of(
        "echo-reply",
        0,
        "destination-unreachable",
        3,
        "source-quench",
        4,
        "redirect",
        5,
        "echo-request",
        8,
        "router-advertisement",
        9,
        "router-solicitation",
        10,
        "time-exceeded",
        11,
        "parameter-problem",
        12));
    ICMPV6.putAll(Map.of(
        "destination-unreachable",
        1,
        "packet-too-big",
        2,
        "time-exceeded",
        3,
        "parameter-problem",
        4,
        "echo-request",
        128,
        "echo-reply",
        129));
    List<String> discovery = List.of(
        "nd-router-solicit",
        "nd-router-advert",
        "nd-neighbor-solicit",
        "nd-neighbor-advert",
        "nd-redirect");
    for (int i = 0; i < discovery.size(); i++) {
      ICMPV6.put(discovery.get(i), 133 + i);
    }
  }

  /** The key that these words begin with; empty if none that is understood. Bare interface names are meta keys. */
  static Optional<Key> of(String first, String second) {
    String name = Set.of("iifname", "oifname", "iif", "oif", "skuid", "skgid").contains(first)
        ? "meta " + first
        : first + " " + second;
    boolean port = TRANSPORT.contains(first) && (second.equals("sport") || second.equals("dport"));
    return KNOWN.contains(name) || port ? Optional.of(new Key(name)) : Optional.empty();
  }

  /** Whether it asks who owns the socket that a packet was sent by. */
  boolean isOwner() {
    return name.equals("meta skuid") || name.equals("meta skgid");
  }

  boolean isAddress() {
    return name.endsWith("addr");
  }

  boolean isSource() {
    return name.endsWith("saddr");
  }

  Family family() {
    return name.startsWith("ip6") ? Family.IPV6 : Family.IPV4;
  }

  /** What must hold for the key to be looked at at all; nft adds these conditions by itself. */
  Condition dependency() {
    String first = name.substring(0, name.indexOf(' '));
    return switch (first) {
      case "ip" -> new Condition.SourceAddress(AddressSet.all(Family.IPV4));
      case "ip6" -> new Condition.SourceAddress(AddressSet.all(Family.IPV6));
      case "icmp" ->
        Condition.all(
            new Condition.SourceAddress(AddressSet.all(Family.IPV4)),
            new Condition.IpProtocol(Set.of(1)));
      case "icmpv6" ->
        Condition.all(
            new Condition.SourceAddress(AddressSet.all(Family.IPV6)),
            new Condition.IpProtocol(Set.of(58)));
      case "tcp", "udp", "sctp", "dccp", "udplite" ->
        new Condition.IpProtocol(Set.of(IpProtocols.number(first).orElseThrow()));
      default -> Condition.ALWAYS;
    };
  }

  /**
   * The condition that it has one of these values, its dependency apart.
   *
   * @param values as printed: single values, {@code first-last}, prefixes
   * @throws IllegalArgumentException if a value is not understood
   */
  Condition oneOf(List<String> values) {
    if (isAddress()) {
      return addresses(values);
    }
    String first = name.substring(0, name.indexOf(' '));
    if (TRANSPORT.contains(first) || first.equals("th")) {
      return ports(first, values);
    }
    return switch (name) {
      case "ip protocol", "meta l4proto" ->
        new Condition.IpProtocol(numbers(values, Map.of(), true));
      case "ip6 nexthdr" -> nextHeader(numbers(values, Map.of(), true));
      case "icmp type" -> new Condition.IcmpType(numbers(values, ICMP, false));
      case "icmpv6 type" -> new Condition.IcmpType(numbers(values, ICMPV6, false));
      case "meta nfproto" -> families(values);
      case "meta skuid", "meta skgid" ->
        throw new IllegalArgumentException("an owner in a concatenation");
      case "ct status" -> throw new IllegalArgumentException("a status in a concatenation");
      case "ct state" -> states(values);
      case "ct direction" -> directions(values);
      default -> interfaces(values);
    };
  }

  /** The condition that several fields have one of these combinations; those that agree on all but the first share one condition. */
  static Condition oneOf(List<Key> keys, List<List<String>> values) {
    if (values.isEmpty()) {
      return Condition.NEVER;
    }
    if (values.stream().anyMatch(value -> value.size() != keys.size())) {
      throw new IllegalArgumentException("a key of another length");
    }
    if (keys.size() == 1) {
      return keys.get(0).oneOf(values.stream().map(value -> value.get(0)).toList());
    }
    Map<List<String>, List<String>> byRest = new LinkedHashMap<>();
    for (List<String> value : values) {
      byRest
          .computeIfAbsent(value.subList(1, value.size()), rest -> new ArrayList<>())
          .add(value.get(0));
    }
    List<Condition> any = new ArrayList<>();
    byRest.forEach((rest, firsts) -> {
      List<Condition> all = new ArrayList<>();
      all.add(keys.get(0).oneOf(firsts));
      for (int i = 0; i < rest.size(); i++) {
        all.add(keys.get(i + 1).oneOf(List.of(rest.get(i))));
      }
      any.add(new Condition.All(all));
    });
    return new Condition.Any(any);
  }

  /** What comes next in the header is the packet's protocol where no extension headers stand between (RFC 8200, section 4). */
  private static Condition nextHeader(Set<Integer> numbers) {
    Condition alone = Condition.all(
        new Condition.IpProtocol(numbers),
        new Condition.Unknown("that no extension header is there"));
    return numbers.stream().anyMatch(EXTENSION_HEADERS::contains)
        ? Condition.any(alone, new Condition.Unknown("which extension header comes first"))
        : alone;
  }

  private Condition addresses(List<String> values) {
    List<AddressRange> ranges = new ArrayList<>(values.size());
    for (String value : values) {
      ranges.addAll(PrintedAddresses.parse(value).ranges());
    }
    AddressSet set = new AddressSet(ranges);
    if (!AddressSet.all(family()).containsAll(set)) {
      throw new IllegalArgumentException("addresses of the other family");
    }
    return isSource() ? new Condition.SourceAddress(set) : new Condition.DestinationAddress(set);
  }

  private Condition ports(String first, List<String> values) {
    List<Condition> any = new ArrayList<>();
    for (String value : values) {
      int dash = value.indexOf('-');
      int low = Integer.parseInt(dash < 0 ? value : value.substring(0, dash));
      int high = dash < 0 ? low : Integer.parseInt(value.substring(dash + 1));
      if (high > PortSet.MAX) {
        throw new IllegalArgumentException("port " + value);
      }
      any.add(
          name.endsWith("sport")
              ? new Condition.SourcePort(low, high)
              : new Condition.DestinationPort(low, high));
    }
    if (first.equals("th")) {
      // The same bytes of a protocol without ports are something else, which may look like the
      // port.
      any.add(Condition.all(
          new Condition.Not(new Condition.IpProtocol(ported())),
          new Condition.Unknown(name + " of a protocol without ports")));
    }
    return Condition.any(any.toArray(Condition[]::new));
  }

  private static Set<Integer> ported() {
    return Set.copyOf(IntStream.range(0, 256).filter(Packet::hasPorts).boxed().toList());
  }

  private static Set<Integer> numbers(
      List<String> values, Map<String, Integer> names, boolean protocols) {
    List<Integer> numbers = new ArrayList<>();
    for (String value : values) {
      Integer known = names.get(value);
      int dash = value.indexOf('-');
      if (known != null) {
        numbers.add(known);
      } else if (protocols) {
        numbers.add(IpProtocols.number(value)
            .orElseThrow(() -> new IllegalArgumentException("protocol " + value)));
      } else {
        int low = Integer.parseInt(dash < 0 ? value : value.substring(0, dash));
        int high = dash < 0 ? low : Integer.parseInt(value.substring(dash + 1));
        for (int number = low; number <= high; number++) {
          numbers.add(number);
        }
      }
    }
    return Set.copyOf(numbers.stream().distinct().toList());
  }

  private static Condition families(List<String> values) {
    AddressSet set = AddressSet.EMPTY;
    for (String value : values) {
      set = set.union(
          switch (value) {
            case "ipv4", "2" -> AddressSet.all(Family.IPV4);
            case "ipv6", "10" -> AddressSet.all(Family.IPV6);
            default -> throw new IllegalArgumentException("family " + value);
          });
    }
    return new Condition.SourceAddress(set);
  }

  private static Condition states(List<String> values) {
    List<ConnectionState> states = new ArrayList<>();
    values.forEach(value -> states.add(ConnectionState.valueOf(value.toUpperCase(Locale.ROOT))));
    return new Condition.State(Set.copyOf(states));
  }

  private static Condition directions(List<String> values) {
    List<Condition> any = new ArrayList<>();
    for (String value : values) {
      any.add(
          switch (value) {
            case "reply" -> new Condition.Reply();
            case "original" -> new Condition.Not(new Condition.Reply());
            default -> throw new IllegalArgumentException("direction " + value);
          });
    }
    return Connections.having(Condition.any(any.toArray(Condition[]::new)));
  }

  private Condition interfaces(List<String> values) {
    List<Condition> any = new ArrayList<>();
    for (String value : values) {
      boolean prefix = value.endsWith("*") && name.endsWith("name");
      String wanted = prefix ? value.substring(0, value.length() - 1) : value;
      any.add(
          name.startsWith("meta i")
              ? new Condition.InInterface(wanted, prefix)
              : new Condition.OutInterface(wanted, prefix));
    }
    return Condition.any(any.toArray(Condition[]::new));
  }
}
