package dev.postern.ovn.read;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.ovn.match.Constant;
import dev.postern.ovn.match.MatchException;
import dev.postern.ovn.match.NamedSets;
import dev.postern.ovn.match.OvnMatch;
import dev.postern.ovn.match.OvnMatch.Compare;
import dev.postern.ovn.match.OvnMatch.Operator;
import dev.postern.ovn.match.OvnMatchReader;
import dev.postern.ovn.match.Symbol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a match says of an IP packet between two ends of a cluster: predicates expanded, prerequisites joined, ports of switches turned into
 * the addresses behind them. Of a field that no policy is about it says that it does not know.
 *
 * <p>Packets that policies do not judge are not looked at: ARP, multicast, VLAN tags. A packet with {@code flags.loopback} goes back to the
 * pod that sent it.
 */
final class MatchMeaning {

  private static final Map<String, Set<Integer>> DISCOVERY = Map.of(
      "nd", Set.of(135, 136),
      "nd_ns", Set.of(135),
      "nd_na", Set.of(136),
      "nd_rs", Set.of(133),
      "nd_ra", Set.of(134));

  private static final Condition IPV4 =
      new Condition.SourceAddress(AddressSet.of(Cidr.all(Family.IPV4)));
  private static final Condition IPV6 =
      new Condition.SourceAddress(AddressSet.of(Cidr.all(Family.IPV6)));

  private final Topology topology;
  private final boolean toPort;
  private final Condition tracked;
  private final Map<String, Condition> expansions = new HashMap<>();

  /**
   * What matches say in one pipeline.
   *
   * @param tracked that conntrack was asked about a packet
   */
  MatchMeaning(Topology topology, boolean toPort, Condition tracked) {
    this.topology = topology;
    this.toPort = toPort;
    this.tracked = tracked;
  }

  Condition of(OvnMatch match) {
    return of(match, false);
  }

  private Condition of(OvnMatch match, boolean not) {
    if (match instanceof OvnMatch.Not inner) {
      return of(inner.match(), !not);
    }
    if (match instanceof OvnMatch.All all) {
      List<Condition> parts = all.matches().stream().map(m -> of(m, not)).toList();
      return not ? any(parts) : all(parts);
    }
    if (match instanceof OvnMatch.Any any) {
      List<Condition> parts = any.matches().stream().map(m -> of(m, not)).toList();
      return not ? all(parts) : any(parts);
    }
    if (match instanceof OvnMatch.Literal literal) {
      return literal.value() != not ? Condition.ALWAYS : Condition.NEVER;
    }
    if (match instanceof OvnMatch.Resident resident) {
      return new Condition.Unknown("is_chassis_resident(\"" + resident.port() + "\")");
    }
    Compare compare = (Compare) match;
    Operator relation = not ? compare.relation().inverted() : compare.relation();
    Condition prerequisite = compare.symbol().prerequisite().isEmpty()
        ? Condition.ALWAYS
        : expanded(compare.symbol().prerequisite(), false);
    return all(List.of(compared(compare, relation), prerequisite));
  }

  /** All of them, without what is always true; never, if one is. */
  static Condition all(List<Condition> parts) {
    List<Condition> kept = new ArrayList<>();
    for (Condition part : parts) {
      if (part.equals(Condition.NEVER)) {
        return Condition.NEVER;
      }
      if (part instanceof Condition.All inner) {
        kept.addAll(inner.conditions());
      } else {
        kept.add(part);
      }
    }
    return kept.size() == 1 ? kept.get(0) : new Condition.All(kept);
  }

  static Condition any(List<Condition> parts) {
    List<Condition> kept = new ArrayList<>();
    for (Condition part : parts) {
      if (part.equals(Condition.ALWAYS)) {
        return Condition.ALWAYS;
      }
      if (part instanceof Condition.Any inner) {
        kept.addAll(inner.conditions());
      } else {
        kept.add(part);
      }
    }
    return kept.size() == 1 ? kept.get(0) : new Condition.Any(kept);
  }

  private Condition expanded(String expression, boolean not) {
    String key = (not ? "!" : "") + expression;
    Condition known = expansions.get(key);
    if (known == null) {
      try {
        known = of(new OvnMatchReader(NamedSets.NONE).read(expression), not);
      } catch (MatchException e) {
        throw new IllegalStateException("OVN's own expansion: " + expression, e);
      }
      expansions.put(key, known);
    }
    return known;
  }

  private Condition compared(Compare compare, Operator relation) {
    Symbol symbol = compare.symbol();
    if (symbol.isPredicate()) {
      return predicate(compare, relation);
    }
    return switch (symbol.name()) {
      case "inport", "outport" -> port(compare, relation);
      case "eth.type" -> etherType(compare, relation);
      case "ip.proto" ->
        isEquality(compare, relation)
            ? new Condition.IpProtocol(numbers(compare))
            : unknown(compare);
      case "icmp4.type", "icmp6.type" ->
        isEquality(compare, relation) ? new Condition.IcmpType(numbers(compare)) : unknown(compare);
      case "ip4.src", "ip6.src", "ip4.dst", "ip6.dst" -> addresses(compare, relation);
      case "tcp.src", "udp.src", "sctp.src", "tcp.dst", "udp.dst", "sctp.dst" ->
        ports(compare, relation);
      case "ct.trk" -> bit(compare, relation, tracked);
      case "ct.new" -> bit(compare, relation, state(ConnectionState.NEW));
      case "ct.est" -> bit(compare, relation, state(ConnectionState.ESTABLISHED));
      case "ct.rel" -> bit(compare, relation, state(ConnectionState.RELATED));
      case "ct.inv" -> bit(compare, relation, state(ConnectionState.INVALID));
      case "ct.rpl" -> bit(compare, relation, new Condition.Reply());
      case "flags.loopback", "eth.mcast" -> bit(compare, relation, Condition.NEVER);
      default -> unknown(compare);
    };
  }

  private static Condition state(ConnectionState state) {
    return new Condition.State(Set.of(state));
  }

  private static Condition unknown(Compare compare) {
    return new Condition.Unknown(compare.symbol().name() + " compared");
  }

  private static boolean isEquality(Compare compare, Operator relation) {
    return relation == Operator.EQ
        && compare.constants().stream()
            .allMatch(c -> c instanceof Constant.Number number
                && (!number.masked() || isWhole(number, compare.symbol().width())));
  }

  private static boolean isWhole(Constant.Number number, int width) {
    return number.mask().bitCount() == width;
  }

  private static Set<Integer> numbers(Compare compare) {
    Set<Integer> numbers = new HashSet<>();
    compare.constants().forEach(c -> numbers.add(((Constant.Number) c).value().intValue()));
    return numbers;
  }

  /** A field of one bit, or a predicate: which constants make it true. */
  private static Condition bit(Compare compare, Operator relation, Condition set) {
    List<Condition> parts = new ArrayList<>();
    for (Constant constant : compare.constants()) {
      boolean one = ((Constant.Number) constant).value().testBit(0);
      boolean positive = one == (relation == Operator.EQ);
      parts.add(positive ? set : negated(set));
    }
    return relation == Operator.EQ ? any(parts) : all(parts);
  }

  private static Condition negated(Condition condition) {
    return condition.equals(Condition.NEVER)
        ? Condition.ALWAYS
        : condition.equals(Condition.ALWAYS) ? Condition.NEVER : new Condition.Not(condition);
  }

  private Condition predicate(Compare compare, Operator relation) {
    String name = compare.symbol().name();
    Set<Integer> discovery = DISCOVERY.getOrDefault(name, Set.of());
    if (!discovery.isEmpty()) {
      return all(List.of(IPV6, new Condition.IcmpType(discovery)));
    }
    if (name.equals("eth.bcast") || name.equals("eth.mcastv6")) {
      return bit(compare, relation, Condition.NEVER);
    }
    List<Condition> parts = new ArrayList<>();
    for (Constant constant : compare.constants()) {
      boolean one = ((Constant.Number) constant).value().testBit(0);
      parts.add(expanded(compare.symbol().expansion(), one != (relation == Operator.EQ)));
    }
    return relation == Operator.EQ ? any(parts) : all(parts);
  }

  private static Condition etherType(Compare compare, Operator relation) {
    if (!isEquality(compare, relation)) {
      return unknown(compare);
    }
    List<Condition> parts = new ArrayList<>();
    for (int type : numbers(compare)) {
      if (type == 0x800) {
        parts.add(IPV4);
      } else if (type == 0x86dd) {
        parts.add(IPV6);
      }
    }
    return any(parts);
  }

  private Condition port(Compare compare, Operator relation) {
    if (relation != Operator.EQ) {
      return unknown(compare);
    }
    List<String> ports =
        compare.constants().stream().map(c -> ((Constant.Text) c).value()).toList();
    if (compare.symbol().name().equals("outport")) {
      return toPort
          ? topology.named(true, ports)
          : new Condition.Unknown("outport before it is known");
    }
    Condition from = topology.named(false, ports);
    if (!toPort) {
      return from;
    }
    // In the pipeline towards a port, the packet came from that port only if both are on one
    // switch.
    AddressSet neighbours = topology.addressesOf(topology.neighbours(ports));
    return all(List.of(
        from,
        topology.knowsSwitches()
            ? new Condition.DestinationAddress(neighbours)
            : Topology.orNeighbour(true, neighbours)));
  }

  private static Condition addresses(Compare compare, Operator relation) {
    Family family = compare.symbol().name().startsWith("ip4") ? Family.IPV4 : Family.IPV6;
    return ValueRanges.of(compare, relation)
        .map(bits -> {
          AddressSet set = bits.addresses(family);
          return compare.symbol().name().endsWith(".src")
              ? (Condition) new Condition.SourceAddress(set)
              : new Condition.DestinationAddress(set);
        })
        .orElseGet(() -> unknown(compare));
  }

  private static Condition ports(Compare compare, Operator relation) {
    boolean source = compare.symbol().name().endsWith(".src");
    return ValueRanges.of(compare, relation)
        .map(bits -> {
          List<Condition> parts = new ArrayList<>();
          for (BigInteger[] range : bits.ranges()) {
            int first = range[0].intValue();
            int last = range[1].intValue();
            parts.add(
                source
                    ? new Condition.SourcePort(first, last)
                    : new Condition.DestinationPort(first, last));
          }
          return any(parts);
        })
        .orElseGet(() -> unknown(compare));
  }
}
