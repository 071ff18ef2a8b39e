package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the policies of two versions look for pods, to see quickly which of them can select the same. */
final class Scopes {

  /**
   * The namespaces of a selection in either version.
   *
   * @param existing by their place in the order of names
   * @param mayBeNew whether one that could come may be among them
   */
  record Scope(BitSet existing, boolean mayBeNew) {
    boolean meets(Scope other) {
      return (mayBeNew && other.mayBeNew) || existing.intersects(other.existing);
    }

    Scope union(Scope other) {
      BitSet both = (BitSet) existing.clone();
      both.or(other.existing);
      return new Scope(both, mayBeNew || other.mayBeNew);
    }
  }

  private final Versions versions;
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<NamespaceSelection, Scope> known = new HashMap<>();

  Scopes(Versions versions) {
    this.versions = versions;
    versions.before().namespaces().keySet().forEach(name -> places.put(name, places.size()));
  }

  /** Where a policy looks for its subject. */
  Scope of(Policy policy) {
    return of(policy.subject().namespaces());
  }

  Scope of(NamespaceSelection selection) {
    return known.computeIfAbsent(selection, this::compute);
  }

  private Scope compute(NamespaceSelection selection) {
    BitSet existing = new BitSet();
    if (selection instanceof NamespaceSelection.Named named) {
      Integer place = places.get(named.namespace());
      if (place != null) {
        existing.set(place);
      }
      return new Scope(existing, false);
    }
    Selector selector = ((NamespaceSelection.Matching) selection).selector();
    for (Cluster cluster : List.of(versions.before(), versions.after())) {
      cluster.namespaces().forEach((name, namespace) -> {
        if (selector.matches(namespace.labels())) {
          existing.set(places.getOrDefault(name, 0));
        }
      });
    }
    return new Scope(existing, mayBeNew(selector));
  }

  private boolean mayBeNew(Selector selector) {
    return selector.requirements().stream()
        .noneMatch(requirement -> requirement.key().equals(Namespace.NAME_LABEL)
            && requirement.operator() == Requirement.Operator.IN
            && places.keySet().containsAll(requirement.values()));
  }

  /**
   * Policies that can select the same pods, or are linked by others here that can.
   *
   * @param policies whose subjects look there
   * @param scope all places that they look in
   */
  record Group(Set<Policy> policies, Scope scope) {}

  /** The policies in groups none of which can select what another does. */
  List<Group> groups(Collection<Policy> policies) {
    List<Group> groups = new ArrayList<>();
    for (Policy policy : policies) {
      Set<Policy> together = new LinkedHashSet<>();
      Scope scope = of(policy);
      List<Group> apart = new ArrayList<>();
      for (Group group : groups) {
        if (group.scope.meets(scope)) {
          together.addAll(group.policies);
          scope = scope.union(group.scope);
        } else {
          apart.add(group);
        }
      }
      together.add(policy);
      apart.add(new Group(together, scope));
      groups = apart;
    }
    return groups;
  }
}
