package dev.postern.cli.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.Routing;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Reads which interfaces a node uses, and which addresses are behind which, from what {@code ip route} or {@code ip -j route} prints. */
final class Routes {

  /** Routes that lead through no interface, or to the node itself (ip-route(8)). */
  private static final Set<String> OTHER_TYPES = Set.of(
      "blackhole",
      "unreachable",
      "prohibit",
      "throw",
      "local",
      "broadcast",
      "multicast",
      "anycast",
      "nat");

  private final String file;
  private final Map<Cidr, Set<String>> interfaces = new LinkedHashMap<>();
  private final RouteLookup lookup = new RouteLookup();
  private final Map<Family, Set<String>> all = new EnumMap<>(Family.class);
  private final Set<Family> complete = EnumSet.noneOf(Family.class);

  private Routes(String file) {
    this.file = file;
  }

  /** The bindings that a table of routes says by its routes to single addresses. */
  List<Binding> ofSingleAddresses() {
    Map<String, List<Address>> behind = new TreeMap<>();
    interfaces.forEach((range, names) -> {
      if (range.prefix() == range.family().bits()) {
        one(names)
            .ifPresent(name ->
                behind.computeIfAbsent(name, each -> new ArrayList<>()).add(range.network()));
      }
    });
    return bindings(behind);
  }

  /** The interfaces behind which addresses of this machine's pods are: that of the longest prefix, if it leads there directly. */
  Wiring behind(List<Address> addresses) {
    Map<String, List<Address>> behind = new TreeMap<>();
    for (Address address : addresses) {
      interfaces.keySet().stream()
          .filter(range -> range.contains(address))
          .max(Comparator.comparingInt(Cidr::prefix))
          .flatMap(range -> one(interfaces.getOrDefault(range, Set.of())))
          .ifPresent(
              name -> behind.computeIfAbsent(name, each -> new ArrayList<>()).add(address));
    }
    return new Wiring(bindings(behind), Routing.UNKNOWN);
  }

  /**
   * What the table says of packets of all addresses. It names all interfaces that packets of a family use where it has a default route; else it
   * may be a part.
   *
   * @param taken addresses of a cluster's pods and nodes: a network that has one of these is not of this node alone
   */
  Wiring routing(Collection<Address> taken) {
    Map<Family, Set<String>> used = new EnumMap<>(Family.class);
    complete.forEach(family -> used.put(family, all.getOrDefault(family, Set.of())));
    return new Wiring(List.of(), new Routing(used, lookup.leaving(), lookup.networks(taken)));
  }

  /**
   * A table of routes.
   *
   * @param file its name, for messages
   * @throws UnreadableDump if a line is no route
   */
  static Routes of(String file, String text) {
    Routes routes = new Routes(file);
    if (text.stripLeading().startsWith("[")) {
      routes.json(text);
    } else {
      routes.text(text);
    }
    return routes;
  }

  /** The one interface; empty if there are several: which of several ways a packet takes is not known. */
  static Optional<String> one(Set<String> names) {
    return names.size() == 1 && !names.contains("")
        ? Optional.of(names.iterator().next())
        : Optional.empty();
  }

  private static List<Binding> bindings(Map<String, List<Address>> behind) {
    return behind.entrySet().stream()
        .map(each -> new Binding(each.getKey(), AddressSet.ofAddresses(each.getValue())))
        .toList();
  }

  private void text(String text) {
    int number = 0;
    Family family = Family.IPV4;
    for (String line : text.lines().toList()) {
      number++;
      Origin origin = new Origin(file, number, 1, "");
      List<String> words = List.of(line.strip().split("\\s+"));
      String first = words.get(0);
      boolean other = OTHER_TYPES.contains(first);
      if (first.isEmpty()) {
        continue;
      }
      if (first.equals("nexthop")) {
        after(words, "dev").ifPresent(uses(family).andThen(lookup::sharing));
        continue;
      }
      int from = first.equals("unicast") || other ? 1 : 0;
      Optional<String> device = other ? Optional.empty() : after(words, "dev");
      family = route(
          from < words.size() ? words.get(from) : "",
          device,
          !words.contains("via"),
          words.contains("pref"),
          after(words, "via").orElse(""),
          origin,
          line);
    }
  }

  private static Optional<String> after(List<String> words, String word) {
    int at = words.indexOf(word) + 1;
    return at > 0 && at < words.size() ? Optional.of(words.get(at)) : Optional.empty();
  }

  private Consumer<String> uses(Family family) {
    return name -> all.computeIfAbsent(family, key -> new TreeSet<>()).add(name);
  }

  private void json(String text) {
    JsonNode routes;
    try {
      routes = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException problem) {
      throw new UnreadableDump(
          new Origin(
              file, problem.getLocation().getLineNr(), problem.getLocation().getColumnNr(), ""),
          "no JSON (give what `ip -j route` prints)");
    }
    for (JsonNode route : routes) {
      boolean leads =
          route.has("dev") && !OTHER_TYPES.contains(route.path("type").asText());
      Family family = route(
          route.path("dst").asText(),
          leads ? Optional.of(route.path("dev").asText()) : Optional.empty(),
          !route.has("gateway") && !route.has("via"),
          route.has("pref"),
          route.path("gateway").asText(),
          new Origin(file, 1, 1, ""),
          route.toString());
      Consumer<String> hops = uses(family).andThen(lookup::sharing);
      route.path("nexthops").forEach(hop -> hops.accept(hop.path("dev").asText()));
    }
  }

  /** Takes a route down; its family. */
  private Family route(
      String destination,
      Optional<String> device,
      boolean direct,
      boolean preferred,
      String gateway,
      Origin origin,
      String line) {
    if (destination.equals("default")) {
      // Only a route of IPv6 has a preference (ip-route(8)).
      Family family = preferred || gateway.contains(":") ? Family.IPV6 : Family.IPV4;
      device.ifPresent(uses(family));
      lookup.add(Cidr.all(family), device, false);
      complete.add(family);
      return family;
    }
    Cidr range;
    try {
      range =
          destination.contains("/") ? Cidr.parse(destination) : Cidr.of(Address.parse(destination));
    } catch (IllegalArgumentException problem) {
      throw new UnreadableDump(
          origin,
          "`" + line.strip() + "` is no route (give what `ip route` or `ip -j route` prints)");
    }
    device.ifPresent(uses(range.family()));
    lookup.add(range, device, direct);
    // A route through a gateway still makes another one to the same address no sure thing.
    interfaces.computeIfAbsent(range, each -> new TreeSet<>()).add(direct ? device.orElse("") : "");
    return range.family();
  }
}
