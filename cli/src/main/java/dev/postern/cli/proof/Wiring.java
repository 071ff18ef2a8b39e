package dev.postern.cli.proof;

import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.Contract.Waiver;
import dev.postern.enforced.Routing;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is known of a node's interfaces.
 *
 * @param bindings which addresses are behind which
 * @param routing by which packets of all others come and leave
 * @param waivers packets by interfaces of which too little is known
 */
public record Wiring(List<Binding> bindings, Routing routing, List<Waiver> waivers) {

  /** Nothing is known. */
  static final Wiring NONE = new Wiring(List.of(), Routing.UNKNOWN);

  public Wiring {
    bindings = List.copyOf(bindings);
    waivers = List.copyOf(waivers);
  }

  Wiring(List<Binding> bindings, Routing routing) {
    this(bindings, routing, List.of());
  }

  /** The same where these packets may pass or not. */
  Wiring waiving(Waiver waiver) {
    List<Waiver> all = new ArrayList<>(waivers);
    all.add(waiver);
    return new Wiring(bindings, routing, all);
  }

  /** Both together; what is bound to two interfaces is bound to both. */
  Wiring and(Wiring other) {
    Map<Family, Set<String>> used = new EnumMap<>(Family.class);
    for (Wiring each : List.of(this, other)) {
      each.routing
          .used()
          .forEach((family, names) ->
              used.computeIfAbsent(family, key -> new TreeSet<>()).addAll(names));
    }
    Set<String> several = new TreeSet<>(routing.several());
    several.addAll(other.routing.several());
    List<Binding> leaving = together(routing.leaving(), other.routing.leaving());
    AddressSet unclear = twice(leaving);
    leaving.stream()
        .filter(route -> !route.addresses().intersect(unclear).isEmpty())
        .forEach(route -> several.add(route.name()));
    return new Wiring(
        together(bindings, other.bindings),
        new Routing(
            used,
            without(unclear, leaving),
            routing.networks().union(other.routing.networks()),
            several),
        Stream.concat(waivers.stream(), other.waivers.stream()).toList());
  }

  private static List<Binding> together(List<Binding> some, List<Binding> others) {
    Map<String, AddressSet> behind = new TreeMap<>();
    for (List<Binding> each : List.of(some, others)) {
      each.forEach(binding -> behind.merge(binding.name(), binding.addresses(), AddressSet::union));
    }
    List<Binding> all = new ArrayList<>();
    behind.forEach((name, addresses) -> all.add(new Binding(name, addresses)));
    return all;
  }

  /** What two tables send by two interfaces: by which of them nobody knows. */
  private static AddressSet twice(List<Binding> routes) {
    AddressSet seen = AddressSet.EMPTY;
    AddressSet twice = AddressSet.EMPTY;
    for (Binding route : routes) {
      twice = twice.union(seen.intersect(route.addresses()));
      seen = seen.union(route.addresses());
    }
    return twice;
  }

  private static List<Binding> without(AddressSet unclear, List<Binding> routes) {
    return routes.stream()
        .map(route -> new Binding(route.name(), route.addresses().minus(unclear)))
        .toList();
  }

  /** A contract that heeds it; what a reader knows of interfaces stays where no routes were read. */
  public Contract on(Contract contract) {
    Contract bound = contract.with(bindings.toArray(Binding[]::new));
    for (Waiver waiver : waivers) {
      bound = bound.waiving(waiver.reason(), waiver.packets(), waiver.leeway());
    }
    return routing.equals(Routing.UNKNOWN) ? bound : bound.with(routing);
  }
}
