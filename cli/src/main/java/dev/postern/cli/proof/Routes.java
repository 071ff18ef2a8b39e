package dev.postern.cli.proof;

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

  private final Map<Cidr, Set<String>> interfaces = new LinkedHashMap<>();
  private final RouteLookup lookup = new RouteLookup();
  private final Map<Family, Set<String>> all = new EnumMap<>(Family.class);
  private final Set<Family> complete = EnumSet.noneOf(Family.class);

  /** Families of which a route names no interface. */
  private final Set<Family> vague = EnumSet.noneOf(Family.class);

  private Routes() {}

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
   * What the table says of packets of all addresses. It names all interfaces that packets of a family use where it has a default route, and
   * an interface for each; else it may be a part.
   *
   * @param taken addresses of a cluster's pods and nodes: a network that has one of these is not of this node alone
   */
  Wiring routing(Collection<Address> taken) {
    Map<Family, Set<String>> used = new EnumMap<>(Family.class);
    complete.stream()
        .filter(family -> !vague.contains(family))
        .forEach(family -> used.put(family, all.getOrDefault(family, Set.of())));
    return new Wiring(
        List.of(), new Routing(used, lookup.leaving(), lookup.networks(taken), lookup.several()));
  }

  /**
   * A table of routes.
   *
   * @param file its name, for messages
   * @throws UnreadableDump if a line is no route
   */
  static Routes of(String file, String text) {
    Routes routes = new Routes();
    List<RouteEntry> read = text.stripLeading().startsWith("[")
        ? RouteJson.read(file, text)
        : RouteLines.read(file, text);
    read.forEach(routes::add);
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

  private Consumer<String> uses(Family family) {
    return name -> all.computeIfAbsent(family, key -> new TreeSet<>()).add(name);
  }

  /** Takes a route down. */
  private void add(RouteEntry route) {
    boolean byDefault = route.destination().equals("default");
    Cidr range = byDefault ? Cidr.all(route.ofIpv6() ? Family.IPV6 : Family.IPV4) : range(route);
    route.devices().stream().filter(name -> route.leads()).forEach(uses(range.family()));
    if (route.isVague()) {
      vague.add(range.family());
    }
    Optional<String> device = route.device();
    if (route.leads() && device.isEmpty()) {
      lookup.choice(range, route.devices());
    }
    lookup.add(range, device, !route.shared() && !byDefault);
    if (route.shared()) {
      route.devices().forEach(lookup::sharing);
    }
    if (byDefault) {
      complete.add(range.family());
    } else {
      // A route through a gateway still makes another one to the same address no sure thing.
      interfaces
          .computeIfAbsent(range, each -> new TreeSet<>())
          .add(route.shared() ? "" : device.orElse(""));
    }
  }

  private static Cidr range(RouteEntry route) {
    String destination = route.destination();
    try {
      return destination.contains("/")
          ? Cidr.parse(destination)
          : Cidr.of(Address.parse(destination));
    } catch (IllegalArgumentException problem) {
      throw new UnreadableDump(
          route.origin(),
          "`" + route.written() + "` is no route (give what `ip route` or `ip -j route` prints)");
    }
  }
}
