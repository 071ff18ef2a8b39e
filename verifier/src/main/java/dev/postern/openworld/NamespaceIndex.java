package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is there already, found by namespace: a question about few namespaces is about the policies for them alone, since no other can
 * select its ends.
 */
final class NamespaceIndex {

  final Cluster cluster;
  final List<Namespace> namespaces;
  /** The addresses that a pod to come can have. */
  final AddressSet free;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, List<End.InPod>> endpoints = new HashMap<>();
  /** Policies by the namespace that they are for; those for namespaces of some kind are under none. */
  private final Map<Optional<String>, List<Integer>> policies = new HashMap<>();

  NamespaceIndex(Plan plan) {
    this.cluster = plan.cluster();
    this.namespaces = List.copyOf(cluster.namespaces().values());
    for (int i = 0; i < namespaces.size(); i++) {
      numbers.put(namespaces.get(i).name(), i);
    }
    for (End.InPod end : plan.classes().endpoints()) {
      endpoints
          .computeIfAbsent(end.workload().namespace(), n -> new ArrayList<>())
          .add(end);
    }
    this.free = UnknownPod.free(cluster);
    for (int i = 0; i < cluster.policies().size(); i++) {
      NamespaceSelection where = cluster.policies().get(i).subject().namespaces();
      Optional<String> name = where instanceof NamespaceSelection.Named named
          ? Optional.of(named.namespace())
          : Optional.empty();
      policies.computeIfAbsent(name, n -> new ArrayList<>()).add(i);
    }
  }

  /** The numbers of the namespaces that exist and match. */
  List<Integer> matching(NamespaceSelection selection) {
    if (selection instanceof NamespaceSelection.Named named) {
      return Optional.ofNullable(numbers.get(named.namespace())).stream().toList();
    }
    NamespaceSelection.Matching matching = (NamespaceSelection.Matching) selection;
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < namespaces.size(); i++) {
      if (matching.selector().matches(namespaces.get(i).labels())) {
        found.add(i);
      }
    }
    return found;
  }

  /** The endpoints in some namespaces. */
  Stream<End.InPod> endpoints(NamespaceSelection selection) {
    return selection instanceof NamespaceSelection.Named named
        ? endpoints.getOrDefault(named.namespace(), List.of()).stream()
        : matching(selection).stream()
            .flatMap(i -> endpoints.getOrDefault(namespaces.get(i).name(), List.of()).stream());
  }

  /** The endpoints in a role that are here, those on the host network as well. */
  Stream<End.InPod> endpoints(Role.AnyPod role) {
    return endpoints(role.namespaces())
        .filter(end -> role.labels().matches(end.workload().labels()));
  }

  /** Those of them that are on the host network. */
  Stream<End.InPod> hosts(Role.AnyPod role) {
    return endpoints(role).filter(end -> end.workload().hostNetwork());
  }

  /** The policies that may select an end in one of these roles, in their order. */
  List<Policy> policiesFor(List<Role> roles) {
    Set<String> names = new LinkedHashSet<>();
    for (Role role : roles) {
      if (role instanceof Role.Existing existing) {
        existing.ends().stream()
            .filter(End.InPod.class::isInstance)
            .forEach(end -> names.add(((End.InPod) end).workload().namespace()));
      } else if (role instanceof Role.AnyPod pod) {
        if (!(pod.namespaces() instanceof NamespaceSelection.Named named)) {
          return cluster.policies();
        }
        names.add(named.namespace());
      }
    }
    Set<Integer> found = new TreeSet<>();
    for (int wide : policies.getOrDefault(Optional.empty(), List.of())) {
      NamespaceSelection where = cluster.policies().get(wide).subject().namespaces();
      if (names.stream().anyMatch(name -> mayBe(where, name))) {
        found.add(wide);
      }
    }
    names.forEach(name -> found.addAll(policies.getOrDefault(Optional.of(name), List.of())));
    return found.stream().map(cluster.policies()::get).toList();
  }

  /** Whether a namespace is, or if it comes may be, one of some kind. */
  private boolean mayBe(NamespaceSelection selection, String name) {
    return !numbers.containsKey(name)
        || !(selection instanceof NamespaceSelection.Matching matching)
        || matching.selector().matches(cluster.namespace(name).labels());
  }

  /** The namespaces that a pod in a role can be in; all that a formula about it has to know of the others is that they are not meant. */
  Cluster around(Role.AnyPod role) {
    SortedMap<String, Namespace> near = new TreeMap<>();
    matching(role.namespaces()).forEach(i -> near.put(namespaces.get(i).name(), namespaces.get(i)));
    return role.namespaces() instanceof NamespaceSelection.Named
        ? new Cluster(near, List.of(), List.of(), List.of(), List.of(), List.of())
        : cluster;
  }

  /** The addresses that a pod to come may have: one is as good as any other where no policy names addresses. */
  AddressSet free(List<Policy> about, Family family, int number) {
    boolean named = about.stream()
        .flatMap(policy -> policy.rules().stream())
        .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf any
            && any.peers().stream()
                .anyMatch(peer -> peer instanceof Peer.IpBlock || peer instanceof Peer.Networks));
    return named ? free : AddressSet.ofAddresses(List.of(free(family, number)));
  }

  /** An address that nobody has, one that reads like a pod's if there is one; another for each number. */
  private Address free(Family family, int number) {
    AddressSet usual = AddressSet.of(Cidr.parse(family == Family.IPV4 ? "10.0.0.0/8" : "fd00::/8"));
    AddressSet readable = usual.intersect(free);
    AddressSet from = readable.isEmpty() ? free.in(family) : readable;
    AddressRange range = from.ranges().get(0);
    Address address = range.first();
    for (int i = 0; i <= number && !address.equals(range.last()); i++) {
      address = address.next();
    }
    return address;
  }
}
