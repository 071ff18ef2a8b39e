package dev.postern.cli.proof;

import dev.postern.enforced.Contract.Binding;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which of a table's routes a packet takes: that of the longest prefix. */
final class RouteLookup {

  private static final AddressSet OF_NO_NETWORK = AddressSet.of(Cidr.parse("fe80::/10"))
      .union(AddressSet.of(Cidr.parse("169.254.0.0/16")))
      .union(AddressSet.of(Cidr.parse("ff00::/8")));

  /** By prefix the interfaces of its routes; the empty name where one leads by no interface, or by one of several. */
  private final Map<Cidr, Set<String>> interfaces = new LinkedHashMap<>();
  /** By prefix the interfaces of routes that hold for some packets only. */
  private final Map<Cidr, Set<String>> choices = new LinkedHashMap<>();

  /** Interfaces with a route through a gateway: others than this node are behind them. */
  private final Set<String> shared = new HashSet<>();

  /**
   * Takes a route down.
   *
   * @param direct whether it names no gateway
   */
  void add(Cidr prefix, Optional<String> device, boolean direct) {
    interfaces.computeIfAbsent(prefix, each -> new TreeSet<>()).add(device.orElse(""));
    if (!direct) {
      device.ifPresent(shared::add);
    }
  }

  /** Takes down that a route through a gateway may go by an interface. */
  void sharing(String device) {
    shared.add(device);
  }

  /** Takes down that packets may leave by one of these interfaces, or by a wider route. */
  void choice(Cidr prefix, Set<String> devices) {
    choices.computeIfAbsent(prefix, each -> new TreeSet<>()).addAll(devices);
  }

  /** The interfaces of which one is chosen, by what no table says. */
  Set<String> several() {
    Set<String> all = new TreeSet<>();
    choices.forEach((prefix, names) -> {
      all.addAll(names);
      interfaces.forEach((wider, others) -> all.addAll(wider.contains(prefix) ? others : Set.of()));
    });
    interfaces.values().stream().filter(names -> names.size() > 1).forEach(all::addAll);
    all.remove("");
    return all;
  }

  /** The addresses that packets leave to by each interface; none of those that routes lead to by several. */
  List<Binding> leaving() {
    Map<String, List<AddressRange>> leaving = new TreeMap<>();
    List<Cidr> longest = interfaces.keySet().stream()
        .sorted(Comparator.comparing(Cidr::prefix).reversed())
        .toList();
    AddressSet covered = AddressSet.EMPTY;
    for (int i = 0; i < longest.size(); ) {
      int prefix = longest.get(i).prefix();
      List<AddressRange> here = new ArrayList<>();
      for (; i < longest.size() && longest.get(i).prefix() == prefix; i++) {
        Cidr cidr = longest.get(i);
        AddressSet own = AddressSet.of(cidr).minus(covered);
        Routes.one(interfaces.getOrDefault(cidr, Set.of()))
            .ifPresent(name ->
                leaving.computeIfAbsent(name, each -> new ArrayList<>()).addAll(own.ranges()));
        here.add(cidr.range());
      }
      covered = covered.union(new AddressSet(here));
    }
    return leaving.entrySet().stream()
        .map(each -> new Binding(each.getKey(), new AddressSet(each.getValue())))
        .toList();
  }

  /** The networks behind interfaces that lead nowhere else, without those that have an address of the cluster's. */
  AddressSet networks(Collection<Address> cluster) {
    Set<String> others = new HashSet<>(shared);
    interfaces.forEach((prefix, names) -> {
      if (cluster.stream().anyMatch(prefix::contains) && prefix.prefix() > 0) {
        others.addAll(names);
      }
    });
    return leaving().stream()
        .filter(route -> !others.contains(route.name()))
        .map(route -> route.addresses().minus(OF_NO_NETWORK))
        .reduce(AddressSet.EMPTY, AddressSet::union);
  }
}
