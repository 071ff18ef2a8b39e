package dev.postern.cli.proof;

import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Binding;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of a node's interfaces.
 *
 * @param bindings which addresses are behind which
 * @param used those that packets of a family use at all; of a family without an entry nobody knows them
 */
public record Wiring(List<Binding> bindings, Map<Family, Set<String>> used) {

  /** Nothing is known. */
  static final Wiring NONE = new Wiring(List.of(), Map.of());

  public Wiring {
    bindings = List.copyOf(bindings);
    used = Map.copyOf(used);
  }

  /** Both together; what is bound to two interfaces is bound to both. */
  Wiring and(Wiring other) {
    Map<String, AddressSet> behind = new TreeMap<>();
    for (Wiring each : List.of(this, other)) {
      each.bindings.forEach(
          binding -> behind.merge(binding.name(), binding.addresses(), AddressSet::union));
    }
    List<Binding> all = new ArrayList<>();
    behind.forEach((name, addresses) -> all.add(new Binding(name, addresses)));
    Map<Family, Set<String>> both = new EnumMap<>(Family.class);
    for (Wiring each : List.of(this, other)) {
      each.used.forEach((family, names) ->
          both.computeIfAbsent(family, key -> new TreeSet<>()).addAll(names));
    }
    return new Wiring(all, both);
  }

  /** A contract that heeds it. */
  public Contract on(Contract contract) {
    return contract.with(bindings.toArray(Binding[]::new)).using(used);
  }
}
