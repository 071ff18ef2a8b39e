package dev.postern.prove;

import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.Packet;
import dev.postern.net.Address;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * By which interfaces packets come and leave, as far as it is known: bound addresses use the interface that they are behind. Through which
 * one packets of other addresses go nobody has said: any of those that are in use and that no address is bound to.
 */
final class Interfaces {

  private final List<Binding> bindings;
  /** One name for each way to match those that are mentioned; without those that addresses are bound to. */
  final List<String> in;

  final List<String> out;

  Interfaces(Contract contract, MentionedSets mentioned, Family family) {
    this.bindings = contract.interfaces();
    Optional<Set<String>> used = Optional.ofNullable(contract.used().get(family));
    this.in = unbound(mentioned.inInterfaces, used);
    this.out = unbound(mentioned.outInterfaces, used);
  }

  private List<String> unbound(Set<MentionedSets.Name> mentioned, Optional<Set<String>> used) {
    Set<String> taken = new HashSet<>();
    bindings.forEach(binding -> taken.add(binding.name()));
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
    return bindings.stream()
        .filter(binding -> binding.addresses().contains(address))
        .map(Binding::name)
        .findFirst();
  }

  /** The ways that a packet may come and leave: itself, and on the other interfaces that it may use as well. */
  List<Packet> ways(Packet packet) {
    List<String> comes = of(packet.source()).isPresent() ? List.of(packet.inInterface()) : in;
    List<String> leaves =
        of(packet.destination()).isPresent() ? List.of(packet.outInterface()) : out;
    List<Packet> ways = new ArrayList<>(comes.size() * leaves.size());
    ways.add(packet);
    for (String from : comes) {
      for (String to : leaves) {
        Packet way = packet.through(from, to);
        if (!way.equals(packet)) {
          ways.add(way);
        }
      }
    }
    return ways;
  }
}
