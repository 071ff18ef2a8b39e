package dev.postern.manifest;

import dev.postern.cluster.Namespace;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What is found out of all namespaces of a state together, and stays the same while only policies change. */
final class Population {

  private final PersistentMap<String, NamespaceState> namespaces;
  private final Once<SortedSet<String>> inhabited = new Once<>();
  private final Once<SortedSet<String>> hosts = new Once<>();
  private final Once<List<String>> undeclared = new Once<>();
  private final Once<Boolean> entrances = new Once<>();
  private final Once<Set<Family>> families = new Once<>();

  Population(PersistentMap<String, NamespaceState> namespaces) {
    this.namespaces = namespaces;
  }

  /** The namespaces that something lies in and nothing declares. */
  List<String> undeclared() {
    return undeclared.get(this::findUndeclared);
  }

  private List<String> findUndeclared() {
    SortedMap<String, Namespace> declared =
        namespaces.get("").map(wide -> wide.assembled().namespaces()).orElseGet(TreeMap::new);
    List<String> found = new ArrayList<>(0);
    namespaces.forEach((name, state) -> {
      if (!name.isEmpty() && !declared.containsKey(name)) {
        found.add(name);
      }
    });
    Collections.sort(found);
    return found;
  }

  SortedSet<String> inhabited() {
    return inhabited.get(() -> find(state -> !state.assembled().workloads().isEmpty()));
  }

  SortedSet<String> hosts() {
    return hosts.get(() -> find(NamespaceState::hasHosts));
  }

  boolean hasEntrances() {
    return entrances.get(this::findEntrances);
  }

  Set<Family> families() {
    return families.get(this::findFamilies);
  }

  private SortedSet<String> find(Predicate<NamespaceState> wanted) {
    SortedSet<String> found = new TreeSet<>();
    namespaces.forEach((name, state) -> {
      if (wanted.test(state)) {
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
