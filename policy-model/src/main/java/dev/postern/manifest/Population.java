package dev.postern.manifest;

import dev.postern.cluster.Workload;
import dev.postern.net.Family;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What is found out of all namespaces of a state together, and stays the same while only policies change. */
final class Population {

  private final PersistentMap<String, NamespaceState> namespaces;
  private final Once<SortedSet<String>> inhabited = new Once<>(() -> find(workload -> true));
  private final Once<SortedSet<String>> hosts = new Once<>(() -> find(Workload::hostNetwork));
  private final Once<Boolean> entrances = new Once<>(this::findEntrances);
  private final Once<Set<Family>> families = new Once<>(this::findFamilies);

  Population(PersistentMap<String, NamespaceState> namespaces) {
    this.namespaces = namespaces;
  }

  SortedSet<String> inhabited() {
    return inhabited.get();
  }

  SortedSet<String> hosts() {
    return hosts.get();
  }

  boolean hasEntrances() {
    return entrances.get();
  }

  Set<Family> families() {
    return families.get();
  }

  private SortedSet<String> find(Predicate<Workload> wanted) {
    SortedSet<String> found = new TreeSet<>();
    namespaces.forEach((name, state) -> {
      if (state.assembled().workloads().stream().anyMatch(wanted)) {
        found.add(name);
      }
    });
    return Collections.unmodifiableSortedSet(found);
  }

  private boolean findEntrances() {
    boolean[] found = new boolean[1];
    namespaces.forEach(
        (name, state) -> found[0] |= !state.assembled().entrances().isEmpty());
    return found[0];
  }

  private Set<Family> findFamilies() {
    Set<Family> seen = EnumSet.noneOf(Family.class);
    namespaces.forEach((name, state) -> seen.addAll(state.families()));
    return Collections.unmodifiableSet(seen);
  }
}
