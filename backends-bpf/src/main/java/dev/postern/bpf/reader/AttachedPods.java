package dev.postern.bpf.reader;

import dev.postern.backend.Note;
import dev.postern.backend.Remedy;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Which pods the attached programs see: those behind interfaces that have them.
 *
 * @param interfaces at which the program is attached
 * @param elsewhere addresses that are behind other interfaces
 * @param unbound how many pods of the scope are behind an interface that nobody knows
 */
record AttachedPods(SortedSet<String> interfaces, AddressSet elsewhere, long unbound) {

  static AttachedPods of(
      SortedSet<String> interfaces, List<Binding> bindings, Cluster cluster, Scope scope) {
    AddressSet bound = AddressSet.EMPTY;
    AddressSet elsewhere = AddressSet.EMPTY;
    for (Binding binding : bindings) {
      bound = bound.union(binding.addresses());
      if (!interfaces.contains(binding.name())) {
        elsewhere = elsewhere.union(binding.addresses());
      }
    }
    AddressSet known = bound;
    long unbound = cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .filter(scope::contains)
        .map(Pod::addresses)
        .filter(addresses -> addresses.stream().anyMatch(address -> !known.contains(address)))
        .count();
    return new AttachedPods(interfaces, elsewhere, unbound);
  }

  Optional<Note> note() {
    return unbound == 0
        ? Optional.empty()
        : Optional.of(Note.of(
            "the programs are attached at " + String.join(", ", interfaces) + "; that the interface"
                + (unbound == 1 ? " of 1 pod is" : "s of " + unbound + " pods are")
                + " among these is taken as given",
            Remedy.BIND_INTERFACES));
  }

  /** The program's rules as far as packets come by it: those of other interfaces do not. */
  EnforcedRules confined(EnforcedRules rules) {
    List<Stage> stages = new ArrayList<>();
    for (Stage stage : rules.stages()) {
      Condition passesBy = stage.name().equals(TrieReader.FROM_POD)
          ? new Condition.SourceAddress(elsewhere)
          : new Condition.DestinationAddress(elsewhere);
      stages.add(new Stage(
          stage.name(),
          elsewhere.isEmpty()
              ? stage.applies()
              : Condition.all(stage.applies(), new Condition.Not(passesBy)),
          stage.chain(),
          stage.otherwise()));
    }
    return new EnforcedRules(stages, rules.chains());
  }
}
