package dev.postern.iptables.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Packet;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.IpProtocols;
import dev.postern.netfilter.reader.PrintedAddresses;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All sets of a node, and what it means to match one (ipset(8), and the kernel's {@code ip_set_*} sources): of networks the longest that holds
 * an address decides, also if it says {@code nomatch}; a port dimension compares the protocol and the port on its side.
 */
final class NodeIpsets {

  private final Map<String, Ipset> sets = new HashMap<>();
  private final Set<String> changing = new HashSet<>();
  private final Map<String, Condition> known = new HashMap<>();
  private final Map<String, AddressSet> addresses = new HashMap<>();

  private NodeIpsets() {}

  /** Reads what {@code ipset save} prints, or what {@code ipset restore} takes. */
  static NodeIpsets read(String file, String text) {
    NodeIpsets result = new NodeIpsets();
    SaveLines.forEach(file, text, result::command);
    return result;
  }

  private void command(SaveLines.Line line) {
    List<String> words = line.words();
    String name = words.size() > 1 ? words.get(1) : "";
    switch (words.get(0)) {
      case "create" -> {
        require(line, words.size() >= 3);
        Ipset created = Ipset.created(name, words.get(2), words.subList(3, words.size()));
        if (sets.putIfAbsent(name, created) != null) {
          throw new UnreadableDump(
              line.origin(),
              "the set " + name
                  + " is there twice: these are two dumps (hint: give what one `ipset save` prints)");
        }
      }
      case "add" -> {
        require(line, words.size() >= 3);
        set(line, name)
            .elements()
            .add(new Ipset.Element(
                List.of(words.get(2).split(",", -1)), words.subList(3, words.size())));
      }
      case "swap" -> {
        require(line, words.size() == 3);
        Ipset one = set(line, name);
        Ipset other = set(line, words.get(2));
        sets.put(name, other.named(name));
        sets.put(words.get(2), one.named(words.get(2)));
      }
      case "destroy" -> {
        set(line, name);
        sets.remove(name);
      }
      default -> require(line, false);
    }
  }

  private static void require(SaveLines.Line line, boolean understood) {
    if (!understood) {
      throw new UnreadableDump(
          line.origin(),
          "`" + line.text() + "` is nothing that `ipset save` prints, nor `swap` or `destroy`");
    }
  }

  private Ipset set(SaveLines.Line line, String name) {
    Ipset set = sets.get(name);
    if (set == null) {
      throw new UnreadableDump(line.origin(), "no set `" + name + "` was created before");
    }
    return set;
  }

  /** A rule changes this set's members, so that the dump says nothing lasting of it. */
  void changes(String name) {
    changing.add(name);
  }

  /**
   * The condition that a packet matches a set.
   *
   * @param directions {@code src} or {@code dst}, one a dimension
   */
  Condition match(String name, List<String> directions, Family family) {
    String key = family + " " + name + " " + directions;
    Condition condition = known.get(key);
    if (condition == null) {
      try {
        condition = matching(name, directions, family, 0);
      } catch (IllegalArgumentException e) {
        condition = unknown(name, String.valueOf(e.getMessage()));
      }
      known.put(key, condition);
    }
    return condition;
  }

  private static Condition unknown(String name, String why) {
    return new Condition.Unknown("set " + name + ": " + why);
  }

  private Condition matching(String name, List<String> directions, Family family, int depth) {
    Ipset set = sets.get(name);
    if (set == null) {
      return unknown(name, "it is not in the dump of sets");
    }
    if (changing.contains(name)) {
      return unknown(name, "rules change its members");
    }
    Optional<String> strange = set.strangeOption();
    if (strange.isPresent()) {
      return unknown(name, "the option " + strange.get());
    }
    if (set.elements().stream().anyMatch(Ipset.Element::expires)) {
      return unknown(name, "its members expire");
    }
    if (set.type().equals("list:set")) {
      List<Condition> any = new ArrayList<>();
      for (Ipset.Element element : set.elements()) {
        if (depth > 8) {
          return unknown(name, "lists of lists");
        }
        any.add(matching(element.parts().get(0), directions, family, depth + 1));
      }
      return new Condition.Any(any);
    }
    List<String> dimensions = set.dimensions();
    boolean ports = set.type().equals("bitmap:port");
    if (!ports && set.isIpv6() != (family == Family.IPV6)) {
      return Condition.NEVER;
    }
    if (dimensions.size() == 1 && !ports) {
      return side(directions.get(0), networks(set));
    }
    if (directions.size() < dimensions.size()) {
      return unknown(name, "fewer directions than dimensions");
    }
    if (set.elements().stream().anyMatch(Ipset.Element::isException)) {
      return unknown(name, "nomatch in more than one dimension");
    }
    return many(set, dimensions, directions);
  }

  private static Condition side(String direction, AddressSet addresses) {
    return direction.equals("src")
        ? new Condition.SourceAddress(addresses)
        : new Condition.DestinationAddress(addresses);
  }

  /** The addresses that a set of one dimension matches. */
  private AddressSet networks(Ipset set) {
    AddressSet cached = addresses.get(set.name());
    if (cached != null) {
      return cached;
    }
    if (!Set.of("ip", "net").contains(set.dimensions().get(0))) {
      throw new IllegalArgumentException("type " + set.type());
    }
    AddressSet result;
    if (set.elements().stream().noneMatch(Ipset.Element::isException)) {
      List<AddressRange> ranges = new ArrayList<>();
      set.elements()
          .forEach(e -> ranges.addAll(PrintedAddresses.parse(e.parts().get(0)).ranges()));
      result = new AddressSet(ranges);
    } else {
      result = AddressSet.EMPTY;
      List<Ipset.Element> byLength = new ArrayList<>(set.elements());
      byLength.sort(Comparator.comparingInt(NodeIpsets::prefix));
      for (Ipset.Element element : byLength) {
        AddressSet here = PrintedAddresses.parse(element.parts().get(0));
        result = element.isException() ? result.minus(here) : result.union(here);
      }
    }
    addresses.put(set.name(), result);
    return result;
  }

  private static int prefix(Ipset.Element element) {
    List<Cidr> cidrs = PrintedAddresses.parse(element.parts().get(0)).cidrs();
    return cidrs.get(0).prefix();
  }

  /** Elements that agree on all but the first dimension share one condition. */
  private static Condition many(Ipset set, List<String> dimensions, List<String> directions) {
    Map<List<String>, List<AddressRange>> byRest = new LinkedHashMap<>();
    boolean firstIsAddress = !dimensions.get(0).equals("port");
    for (Ipset.Element element : set.elements()) {
      List<String> rest =
          element.parts().subList(firstIsAddress ? 1 : 0, element.parts().size());
      List<AddressRange> ranges = byRest.computeIfAbsent(rest, key -> new ArrayList<>());
      if (firstIsAddress) {
        ranges.addAll(PrintedAddresses.parse(element.parts().get(0)).ranges());
      }
    }
    List<Condition> any = new ArrayList<>();
    byRest.forEach((rest, ranges) -> {
      List<Condition> all = new ArrayList<>();
      if (firstIsAddress) {
        all.add(side(directions.get(0), new AddressSet(ranges)));
      }
      for (int i = 0; i < rest.size(); i++) {
        int dimension = i + (firstIsAddress ? 1 : 0);
        all.add(
            switch (dimensions.get(dimension)) {
              case "ip", "net" ->
                side(directions.get(dimension), PrintedAddresses.parse(rest.get(i)));
              case "port" -> port(rest.get(i), directions.get(dimension));
              default -> throw new IllegalArgumentException("type " + set.type());
            });
      }
      any.add(new Condition.All(all));
    });
    return new Condition.Any(any);
  }

  /** {@code tcp:80}, {@code icmp:echo-request}, {@code ospf:0}; without a protocol TCP and UDP. */
  private static Condition port(String text, String direction) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? "" : text.substring(0, colon);
    String value = text.substring(colon + 1);
    if (name.startsWith("icmp") || name.equals("ipv6-icmp")) {
      throw new IllegalArgumentException("an element of icmp");
    }
    Set<Integer> numbers = name.isEmpty()
        ? Set.of(6, 17)
        : Set.of(IpProtocols.number(name)
            .orElseThrow(() -> new IllegalArgumentException("protocol `" + name + "`")));
    int dash = value.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? value : value.substring(0, dash));
    int last = Integer.parseInt(dash < 0 ? value : value.substring(dash + 1));
    Condition protocol = new Condition.IpProtocol(numbers);
    boolean ported = numbers.stream().anyMatch(Packet::hasPorts);
    if (!ported) {
      return first == 0 ? protocol : Condition.NEVER;
    }
    return Condition.all(
        protocol,
        direction.equals("src")
            ? new Condition.SourcePort(first, last)
            : new Condition.DestinationPort(first, last));
  }

  /** What {@code -j SET --map-set} with {@code --map-mark} does; empty if that is not understood. */
  Optional<RuleAction> mapMark(String name, List<String> directions, Family family) {
    try {
      return mapped(name, directions, family);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<RuleAction> mapped(String name, List<String> directions, Family family) {
    Ipset set = sets.get(name);
    if (set == null
        || set.dimensions().size() != 1
        || changing.contains(name)
        || set.strangeOption().isPresent()
        || set.isIpv6() != (family == Family.IPV6)
        || !Set.of("ip", "net").contains(set.dimensions().get(0))) {
      return Optional.empty();
    }
    // The longest network decides, and only it.
    Map<List<Integer>, List<AddressRange>> marks = new LinkedHashMap<>();
    List<Ipset.Element> byLength = new ArrayList<>(set.elements());
    byLength.sort(Comparator.comparingInt(NodeIpsets::prefix).reversed());
    List<RuleAction.MapMark.Entry> entries = new ArrayList<>();
    boolean nested = overlaps(byLength);
    for (Ipset.Element element : byLength) {
      if (element.isException() || element.expires()) {
        return Optional.empty();
      }
      String[] mark = element.option("skbmark").orElse("0x0/0x0").split("/", 2);
      int value = MatchReader.number(mark[0]);
      int mask = mark.length < 2 ? -1 : MatchReader.number(mark[1]);
      AddressSet here = PrintedAddresses.parse(element.parts().get(0));
      if (nested) {
        entries.add(new RuleAction.MapMark.Entry(here, value, mask));
      } else {
        marks.computeIfAbsent(List.of(value, mask), key -> new ArrayList<>()).addAll(here.ranges());
      }
    }
    marks.forEach((mark, ranges) -> entries.add(
        new RuleAction.MapMark.Entry(new AddressSet(ranges), mark.get(0), mark.get(1))));
    return Optional.of(new RuleAction.MapMark(directions.get(0).equals("src"), entries));
  }

  private static boolean overlaps(List<Ipset.Element> elements) {
    List<AddressRange> ranges = new ArrayList<>();
    elements.forEach(e -> ranges.addAll(PrintedAddresses.parse(e.parts().get(0)).ranges()));
    ranges.sort(null);
    Address last = Address.first(Family.IPV4);
    for (int i = 0; i < ranges.size(); i++) {
      if (i > 0 && ranges.get(i).first().compareTo(last) <= 0) {
        return true;
      }
      last = ranges.get(i).last();
    }
    return false;
  }
}
