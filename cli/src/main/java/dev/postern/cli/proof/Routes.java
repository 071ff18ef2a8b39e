package dev.postern.cli.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract.Binding;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads which address is behind which interface from what {@code ip route} or {@code ip -j route} prints: a route to a single address that
 * names an interface and no gateway. All other routes say nothing of a single address and are passed over.
 */
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

  private Routes(String file) {
    this.file = file;
  }

  /**
   * The bindings that a table of routes says by its routes to single addresses.
   *
   * @param file its name, for messages
   * @throws UnreadableDump if a line is no route
   */
  static List<Binding> read(String file, String text) {
    Map<String, List<Address>> behind = new TreeMap<>();
    of(file, text).interfaces.forEach((range, names) -> {
      if (range.prefix() == range.family().bits()) {
        one(names)
            .ifPresent(name ->
                behind.computeIfAbsent(name, each -> new ArrayList<>()).add(range.network()));
      }
    });
    return bindings(behind);
  }

  /**
   * The interfaces behind which addresses of this machine's pods are: that of the longest prefix, if it leads there directly.
   *
   * @param file the table's name, for messages
   * @throws UnreadableDump if a line is no route
   */
  static List<Binding> behind(String file, String text, List<Address> addresses) {
    Routes routes = of(file, text);
    Map<String, List<Address>> behind = new TreeMap<>();
    for (Address address : addresses) {
      routes.interfaces.keySet().stream()
          .filter(range -> range.contains(address))
          .max(Comparator.comparingInt(Cidr::prefix))
          .flatMap(range -> one(routes.interfaces.getOrDefault(range, Set.of())))
          .ifPresent(
              name -> behind.computeIfAbsent(name, each -> new ArrayList<>()).add(address));
    }
    return bindings(behind);
  }

  private static Routes of(String file, String text) {
    Routes routes = new Routes(file);
    if (text.stripLeading().startsWith("[")) {
      routes.json(text);
    } else {
      routes.text(text);
    }
    return routes;
  }

  /** The one interface; empty if there are several: which of several ways a packet takes is not known. */
  private static Optional<String> one(Set<String> names) {
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
    for (String line : text.lines().toList()) {
      number++;
      Origin origin = new Origin(file, number, 1, "");
      List<String> words = List.of(line.strip().split("\\s+"));
      String first = words.get(0);
      boolean other = OTHER_TYPES.contains(first);
      if (first.isEmpty() || first.equals("nexthop")) {
        continue;
      }
      int from = first.equals("unicast") || other ? 1 : 0;
      int device = words.indexOf("dev") + 1;
      route(
          from < words.size() ? words.get(from) : "",
          device > 0 && device < words.size() && !words.contains("via") && !other
              ? Optional.of(words.get(device))
              : Optional.empty(),
          origin,
          line);
    }
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
      boolean direct = route.has("dev")
          && !route.has("gateway")
          && !route.has("via")
          && !OTHER_TYPES.contains(route.path("type").asText());
      route(
          route.path("dst").asText(),
          direct ? Optional.of(route.path("dev").asText()) : Optional.empty(),
          new Origin(file, 1, 1, ""),
          route.toString());
    }
  }

  private void route(String destination, Optional<String> name, Origin origin, String line) {
    if (destination.equals("default")) {
      return;
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
    // A route through a gateway still makes another one to the same address no sure thing.
    interfaces.computeIfAbsent(range, each -> new TreeSet<>()).add(name.orElse(""));
  }
}
