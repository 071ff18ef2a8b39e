package dev.postern.prove;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.Packet;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * By which interfaces packets come and leave, as far as it is known. Bound addresses use the interface that they are behind. To others a
 * packet leaves as the routes say. One from them usually comes in by the same interface; it may come by any of those that are in use and
 * that no pod is behind, since its sender may have written whatever address. Where no route says anything, each of these is as good.
 */
final class Interfaces {

  private final List<Binding> bindings;
  /** Of addresses that nothing binds. */
  private final List<Binding> routes;

  /** All addresses that are bound. */
  final AddressSet bound;
  /** One name for each way to match those that are mentioned; without those that only bound addresses of pods use. */
  final List<String> in;

  /** Of these the ones by which a packet of any unbound address may come. */
  final List<String> anybodys;

  final List<String> out;

  private final Set<MentionedSets.Name> mentionedIn;

  Interfaces(Contract contract, MentionedSets mentioned, Family family) {
    this.bindings = contract.interfaces();
    this.mentionedIn = Set.copyOf(mentioned.inInterfaces);
    this.bound =
        bindings.stream().map(Binding::addresses).reduce(AddressSet.EMPTY, AddressSet::union);
    this.routes = contract.routing().leaving().stream()
        .map(route -> new Binding(route.name(), route.addresses().in(family).minus(bound)))
        .filter(route -> !route.addresses().isEmpty())
        .toList();
    Optional<Set<String>> used = Optional.ofNullable(contract.routing().used().get(family));
    // An interface is only then a pod's own if no packets of others are sent by it.
    Set<String> taken = new HashSet<>();
    bindings.stream()
        .filter(binding -> !binding.addresses().intersect(mentioned.pods).isEmpty())
        .forEach(binding -> taken.add(binding.name()));
    taken.removeAll(contract.routing().several());
    this.anybodys = unbound(mentioned.inInterfaces, used, taken);
    Set<String> all = new LinkedHashSet<>(anybodys);
    routes.forEach(route -> all.add(route.name()));
    this.in = MentionedSets.interfaces(mentioned.inInterfaces, List.copyOf(all));
    this.out = unbound(mentioned.outInterfaces, used, taken);
  }

  private static List<String> unbound(
      Set<MentionedSets.Name> mentioned, Optional<Set<String>> used, Set<String> taken) {
    if (used.isEmpty()) {
      return MentionedSets.interfaces(mentioned).stream()
          .filter(name -> !taken.contains(name))
          .toList();
    }
    List<String> free =
        used.get().stream().filter(name -> !taken.contains(name)).sorted().toList();
    return MentionedSets.interfaces(mentioned, free.isEmpty() ? List.of("") : free);
  }

  /** The interface that an address is behind. */
  Optional<String> of(Address address) {
    return find(bindings, address);
  }

  /** The interface by which packets to an address leave, if that is known. */
  Optional<String> leaving(Address address) {
    return of(address).or(() -> find(routes, address));
  }

  /** The interface by which packets from an address come in, or usually do, by the name that stands for it. */
  Optional<String> usual(Address address) {
    return of(address).or(() -> find(routes, address).map(this::standIn));
  }

  /** Of the names in {@link #in} that which is matched alike. */
  private String standIn(String name) {
    return in.stream().filter(each -> isLike(each, name)).findFirst().orElseThrow();
  }

  private boolean isLike(String one, String other) {
    return mentionedIn.stream()
        .allMatch(wanted -> Condition.named(one, wanted.name(), wanted.prefix())
            == Condition.named(other, wanted.name(), wanted.prefix()));
  }

  /** The addresses of which packets usually come by an interface in {@link #in}, by the routes. */
  AddressSet usually(String name) {
    return routes.stream()
        .filter(route -> isLike(name, route.name()))
        .map(Binding::addresses)
        .reduce(AddressSet.EMPTY, AddressSet::union);
  }

  /** The addresses that nothing binds and that a route leads to. */
  AddressSet routed() {
    return routes.stream().map(Binding::addresses).reduce(AddressSet.EMPTY, AddressSet::union);
  }

  /** The addresses that packets leave to by an interface of such a name. */
  AddressSet leaving(String name, boolean prefix) {
    return union(bindings, name, prefix).union(union(routes, name, prefix));
  }

  /** The bound addresses that are behind an interface of such a name. */
  AddressSet behind(String name, boolean prefix) {
    return union(bindings, name, prefix);
  }

  private static AddressSet union(List<Binding> some, String name, boolean prefix) {
    return some.stream()
        .filter(binding -> Condition.named(binding.name(), name, prefix))
        .map(Binding::addresses)
        .reduce(AddressSet.EMPTY, AddressSet::union);
  }

  private static Optional<String> find(List<Binding> some, Address address) {
    return some.stream()
        .filter(binding -> binding.addresses().contains(address))
        .map(Binding::name)
        .findFirst();
  }

  /** The ways by which a packet usually comes and leaves: several where nothing says which it is. */
  List<Packet> usualWays(Packet packet) {
    return ways(packet, usual(packet.source()).map(List::of).orElse(anybodys));
  }

  /** All ways that a packet may come and leave. */
  List<Packet> ways(Packet packet) {
    if (of(packet.source()).isPresent()) {
      return usualWays(packet);
    }
    Set<String> comes = new LinkedHashSet<>();
    usual(packet.source()).ifPresent(comes::add);
    comes.addAll(anybodys);
    return ways(packet, List.copyOf(comes));
  }

  private List<Packet> ways(Packet packet, List<String> comes) {
    List<String> leaves = leaving(packet.destination()).map(List::of).orElse(out);
    List<Packet> ways = new ArrayList<>(comes.size() * leaves.size());
    for (String from : comes) {
      for (String to : leaves) {
        ways.add(packet.through(from, to));
      }
    }
    return ways;
  }
}
