package dev.postern.iptables.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.netfilter.reader.Connections;
import dev.postern.netfilter.reader.IpProtocols;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.netfilter.reader.PrintedAddresses;
import dev.postern.netfilter.reader.TcpFlags;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the matches of a rule (iptables(8), iptables-extensions(8)); what it does not know becomes an unknown condition. */
final class MatchReader {

  /** Matches that only count, or say something to people. */
  private static final Set<String> SAY_NOTHING = Set.of("comment");

  private static final Map<String, Integer> ICMP = Map.of(
      "echo-reply",
      0,
      "destination-unreachable",
      3,
      "redirect",
      5,
      "echo-request",
      8,
      "time-exceeded",
      11);

  private static final Map<String, Integer> ICMPV6 = Map.of(
      "destination-unreachable",
      1,
      "packet-too-big",
      2,
      "echo-request",
      128,
      "echo-reply",
      129,
      "router-solicitation",
      133,
      "router-advertisement",
      134,
      "neighbour-solicitation",
      135,
      "neighbour-advertisement",
      136,
      "redirect",
      137);

  private final Family family;
  private final NodeIpsets sets;
  private final NodeFacts node;
  private final List<String> words;
  private final boolean drops;
  private final List<Condition> conditions = new ArrayList<>();
  private int at;
  private String module = "";

  /** @param drops whether the rule drops what it matches */
  MatchReader(Family family, NodeIpsets sets, NodeFacts node, List<String> words, boolean drops) {
    this.drops = drops;
    this.node = node;
    this.family = family;
    this.sets = sets;
    this.words = words;
  }

  List<Condition> read() {
    while (at < words.size()) {
      int from = at;
      boolean negated = words.get(at).equals("!");
      at += negated ? 1 : 0;
      if (at >= words.size()) {
        conditions.add(unknown(from));
        break;
      }
      String option = words.get(at++);
      if (option.equals("-m") && at < words.size()) {
        module = words.get(at++);
        if (module.equals("rpfilter")) {
          conditions.add(reversePath(from));
          continue;
        }
        if (!hasOptions() && !SAY_NOTHING.contains(module)) {
          conditions.add(new Condition.Unknown("-m " + module));
        }
        continue;
      }
      // Older dumps put the negation behind the option.
      if (at < words.size() && words.get(at).equals("!")) {
        negated = !negated;
        at++;
      }
      Condition condition;
      try {
        // What a rule lets pass by flags may be more than connections are made of.
        if (drops && option.equals("--tcp-flags")) {
          conditions.add(TcpFlags.of(next(), next(), negated));
          continue;
        }
        condition = match(option, from);
      } catch (IllegalArgumentException e) {
        condition = unknown(from);
      }
      conditions.add(negated ? Connections.not(condition) : condition);
    }
    return conditions;
  }

  /**
   * Whether the route back to the packet's source leads through the interface it came in by. It does, of packets that bear the address of
   * who sent them and come in where their answers leave: the assumption under which everything is judged.
   */
  private Condition reversePath(int from) {
    boolean holds = true;
    while (at < words.size() && words.get(at).startsWith("--")) {
      String option = words.get(at++);
      if (option.equals("--invert")) {
        holds = false;
      } else if (!Set.of("--loose", "--validmark", "--accept-local").contains(option)) {
        return unknown(from);
      }
    }
    return holds ? Condition.ALWAYS : Condition.NEVER;
  }

  /** Whether the module just named has an option here; a match of the transport protocol may well have none. */
  private boolean hasOptions() {
    return Set.of(
                "tcp",
                "udp",
                "sctp",
                "dccp",
                "udplite",
                "icmp",
                "icmp6",
                "conntrack",
                "state",
                "mark",
                "set",
                "iprange",
                "multiport")
            .contains(module)
        || isOption(at)
        || at < words.size() && words.get(at).equals("!") && isOption(at + 1);
  }

  /** Whether a module's option stands there: those with one dash are the rule's own. */
  private boolean isOption(int index) {
    return index < words.size() && words.get(index).startsWith("--");
  }

  private String next() {
    if (at >= words.size()) {
      throw new IllegalArgumentException("a value is missing");
    }
    return words.get(at++);
  }

  /** All that was read of a match and the values that follow, as one condition that is not understood. */
  private Condition unknown(int from) {
    while (at < words.size() && !words.get(at).startsWith("-") && !words.get(at).equals("!")) {
      at++;
    }
    return new Condition.Unknown(String.join(" ", words.subList(from, at)));
  }

  private Condition match(String option, int from) {
    return switch (option) {
      case "-s", "--source" -> new Condition.SourceAddress(mine(PrintedAddresses.parse(next())));
      case "-d", "--destination" ->
        new Condition.DestinationAddress(mine(PrintedAddresses.parse(next())));
      case "--src-range" -> new Condition.SourceAddress(mine(PrintedAddresses.parse(next())));
      case "--dst-range" -> new Condition.DestinationAddress(mine(PrintedAddresses.parse(next())));
      case "-i" -> in(next());
      case "-o" -> out(next());
      case "-p" -> protocol(next());
      case "--sport", "--source-port" -> port(next(), true);
      case "--dport", "--destination-port" -> port(next(), false);
      case "--sports", "--source-ports" -> ports(next(), true);
      case "--dports", "--destination-ports" -> ports(next(), false);
      case "--ports" -> {
        String list = next();
        yield Condition.any(ports(list, true), ports(list, false));
      }
      case "--icmp-type" -> icmp(next(), ICMP);
      case "--icmpv6-type" -> icmp(next(), ICMPV6);
      case "--mark" ->
        module.equals("mark")
            ? mark(next())
            : module.equals("connmark") ? connectionMark(next(), from) : unknown(from);
      case "--ctstate", "--state" -> state(next());
      case "--ctdir" -> direction(next());
      case "--match-set" -> sets.match(next(), List.of(next().split(",", -1)), family);
      case "--src-type", "--dst-type" -> type(option.equals("--src-type"), from);
      case "--uid-owner", "--gid-owner" -> {
        next();
        yield node.isOwned();
      }
      case "--comment" -> {
        next();
        yield Condition.ALWAYS;
      }
      default -> unknown(from);
    };
  }

  /**
   * The types of addresses (iptables-extensions(8)) that a forwarded packet can show. Loopback is never forwarded, and neither is a subnet's
   * broadcast: it is taken in.
   */
  private Condition type(boolean source, int from) {
    List<Condition> any = new ArrayList<>();
    for (String type : next().split(",", -1)) {
      switch (type) {
        case "LOCAL" -> any.add(node.isLocal(source, family));
        case "MULTICAST" -> any.add(NodeFacts.isAmong(mine(NodeFacts.MULTICAST), source));
        case "BROADCAST" -> any.add(NodeFacts.isAmong(mine(NodeFacts.BROADCAST), source));
        default -> {
          return unknown(from);
        }
      }
    }
    // Which interface an address belongs to is not known here.
    return isOption(at) && words.get(at).startsWith("--limit-iface")
        ? Condition.all(Condition.any(any.toArray(Condition[]::new)), unknown(from))
        : Condition.any(any.toArray(Condition[]::new));
  }

  private AddressSet mine(AddressSet addresses) {
    return addresses.intersect(AddressSet.all(family));
  }

  private static Condition in(String name) {
    return name.endsWith("+")
        ? new Condition.InInterface(name.substring(0, name.length() - 1), true)
        : new Condition.InInterface(name, false);
  }

  private static Condition out(String name) {
    return name.endsWith("+")
        ? new Condition.OutInterface(name.substring(0, name.length() - 1), true)
        : new Condition.OutInterface(name, false);
  }

  private static Condition protocol(String name) {
    if (name.equals("all") || name.equals("0")) {
      return Condition.ALWAYS;
    }
    OptionalInt number = IpProtocols.number(name);
    return number.isPresent()
        ? new Condition.IpProtocol(Set.of(number.getAsInt()))
        : new Condition.Unknown("-p " + name);
  }

  private static Condition port(String text, boolean source) {
    String[] bounds = text.split(":", -1);
    int first = bounds[0].isEmpty() ? 0 : Integer.parseInt(bounds[0]);
    int last =
        bounds.length < 2 ? first : bounds[1].isEmpty() ? 65535 : Integer.parseInt(bounds[1]);
    if (last > PortSet.MAX) {
      throw new IllegalArgumentException("port " + text);
    }
    return source
        ? new Condition.SourcePort(first, last)
        : new Condition.DestinationPort(first, last);
  }

  private static Condition ports(String list, boolean source) {
    List<Condition> any = new ArrayList<>();
    for (String item : list.split(",", -1)) {
      any.add(port(item, source));
    }
    return new Condition.Any(any);
  }

  private static Condition icmp(String text, Map<String, Integer> names) {
    if (text.equals("any") || text.equals("255")) {
      return Condition.ALWAYS;
    }
    int slash = text.indexOf('/');
    String type = slash < 0 ? text : text.substring(0, slash);
    Integer known = names.get(type);
    Condition condition =
        new Condition.IcmpType(Set.of(known != null ? known : Integer.parseInt(type)));
    return slash < 0
        ? condition
        : Condition.all(condition, new Condition.Unknown("icmp code " + text.substring(slash + 1)));
  }

  private static Condition mark(String text) {
    String[] parts = text.split("/", 2);
    int value = number(parts[0]);
    int mask = parts.length < 2 ? -1 : number(parts[1]);
    return new Condition.Mark(value, mask);
  }

  /** A connection's mark is 0 unless something marks connections. */
  private Condition connectionMark(String text, int from) {
    Condition.Mark mark = (Condition.Mark) mark(text);
    return node.connectionMarks()
        ? unknown(from)
        : Connections.having(mark.value() == 0 ? Condition.ALWAYS : Condition.NEVER);
  }

  /** A 32-bit number, in hexadecimal if it says so. */
  static int number(String text) {
    return text.startsWith("0x")
        ? Integer.parseUnsignedInt(text.substring(2), 16)
        : Integer.parseUnsignedInt(text);
  }

  private Condition state(String list) {
    Set<ConnectionState> states = EnumSet.noneOf(ConnectionState.class);
    List<Condition> others = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      if (name.equals("DNAT")) {
        others.add(node.isTranslated());
      } else if (name.equals("SNAT")) {
        others.add(new Condition.Unknown("conntrack state " + name));
      } else {
        states.add(ConnectionState.valueOf(name));
      }
    }
    if (!states.isEmpty()) {
      others.add(new Condition.State(states));
    }
    return Condition.any(others.toArray(Condition[]::new));
  }

  private static Condition direction(String name) {
    return switch (name) {
      case "REPLY" -> Connections.having(new Condition.Reply());
      case "ORIGINAL" -> Connections.having(new Condition.Not(new Condition.Reply()));
      default -> throw new IllegalArgumentException(name);
    };
  }
}
