package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.reach.WorkloadNames;
import dev.postern.service.Backends;
import dev.postern.service.ClusterNames;
import dev.postern.service.FamiliesOfServices;
import dev.postern.service.ServiceAddresses;
import dev.postern.service.ServiceProxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/** Who is who in a planned cluster: names and addresses to endpoints and their classes. */
final class Directory {

  private final Plan plan;
  private final Classes classes;
  private final String clusterDomain;
  private final Map<Workload, Integer> firstEndpoint;
  private final Map<String, List<Workload>> byNamespace;
  private final Map<Address, List<Integer>> endpointsAt;
  private final ServiceAddresses serviceAddresses;
  private final ClusterNames names;
  private final WorkloadNames workloadNames;
  private final Map<Address, Set<String>> nodesAt;
  private final AddressSet podAddresses;
  private final Backends backends;
  private final Set<Family> families;
  private final ServiceProxy proxy;

  Directory(Plan plan, String clusterDomain, ServiceProxy proxy) {
    this.proxy = proxy;
    this.plan = plan;
    this.classes = plan.classes();
    this.clusterDomain = clusterDomain;
    this.firstEndpoint = new IdentityHashMap<>();
    this.byNamespace = new HashMap<>();
    this.endpointsAt = new HashMap<>();
    this.nodesAt = new HashMap<>();
    List<End.InPod> endpoints = classes.endpoints();
    List<Address> held = new ArrayList<>();
    for (int i = 0; i < endpoints.size(); i++) {
      End.InPod end = endpoints.get(i);
      firstEndpoint.putIfAbsent(end.workload(), i);
      if (end.address().isPresent() && !end.workload().hostNetwork()) {
        held.add(end.address().get());
        endpointsAt
            .computeIfAbsent(end.address().get(), a -> new ArrayList<>(1))
            .add(i);
      }
    }
    for (Workload workload : plan.cluster().workloads()) {
      byNamespace.computeIfAbsent(workload.namespace(), n -> new ArrayList<>()).add(workload);
    }
    this.serviceAddresses = ServiceAddresses.of(plan.cluster());
    this.workloadNames = new WorkloadNames(plan.cluster());
    this.names = new ClusterNames(plan.cluster(), clusterDomain);
    for (Node node : plan.cluster().nodes()) {
      node.addresses()
          .forEach(
              address -> nodesAt.computeIfAbsent(address, a -> new HashSet<>(1)).add(node.name()));
    }
    this.podAddresses = AddressSet.ofAddresses(held);
    this.families = FamiliesInUse.of(plan.cluster());
    this.backends = Backends.of(plan.cluster());
  }

  /** The same where only policies differ. */
  private Directory(Plan later, Directory earlier) {
    this.proxy = earlier.proxy;
    this.plan = later;
    this.classes = earlier.classes;
    this.clusterDomain = earlier.clusterDomain;
    this.firstEndpoint = earlier.firstEndpoint;
    this.byNamespace = earlier.byNamespace;
    this.endpointsAt = earlier.endpointsAt;
    this.nodesAt = earlier.nodesAt;
    this.serviceAddresses = earlier.serviceAddresses;
    this.workloadNames = earlier.workloadNames;
    this.names = earlier.names;
    this.podAddresses = earlier.podAddresses;
    this.families = FamiliesInUse.of(later.cluster());
    this.backends = earlier.backends;
  }

  /** Who is who in a later plan; over the same classes and Services nothing is looked up anew. */
  Directory after(Plan later) {
    return later.classes() == classes
            && later.cluster().services().equals(cluster().services())
            && later.cluster().entrances().equals(cluster().entrances())
        ? new Directory(later, this)
        : new Directory(later, clusterDomain, proxy);
  }

  Plan plan() {
    return plan;
  }

  Cluster cluster() {
    return plan.cluster();
  }

  /** The workloads of a namespace, or of all where none is given. */
  List<Workload> workloads(Optional<String> namespace) {
    return namespace
        .map(name -> byNamespace.getOrDefault(name, List.of()))
        .orElse(plan.cluster().workloads());
  }

  /** The families that are in use. */
  Set<Family> families() {
    return families;
  }

  /** The addresses of pods that are not on the host network. */
  AddressSet podAddresses() {
    return podAddresses;
  }

  Set<Address> nodeAddresses() {
    return nodesAt.keySet();
  }

  /** The names of nodes, by their addresses. */
  Map<Address, Set<String>> nodesAt() {
    return nodesAt;
  }

  /** The choices of what serves Services. */
  ServiceProxy proxy() {
    return proxy;
  }

  /** What is behind the Services. */
  Backends backends() {
    return backends;
  }

  /** The families of the addresses of Services. */
  FamiliesOfServices familiesOfServices() {
    return backends.families();
  }

  /** The addresses that lead to Services. */
  ServiceAddresses serviceAddresses() {
    return serviceAddresses;
  }

  /** What DNS names mean here. */
  ClusterNames names() {
    return names;
  }

  /** The name that a workload goes by in answers. */
  String name(Workload workload) {
    return workloadNames.of(workload);
  }

  /** Every pod of a workload. */
  Site site(Workload workload) {
    return site(workloadNames.of(workload), workload, pod -> true);
  }

  /** One pod. */
  Site site(Workload workload, Pod pod) {
    return site(workload.namespace() + "/" + pod.name(), workload, pod::equals);
  }

  /** One pod at one address. */
  Site site(End.InPod end) {
    List<End.InPod> endpoints = classes.endpoints();
    int at = firstEndpoint.get(end.workload());
    while (!endpoints.get(at).equals(end)) {
      at++;
    }
    return site(at);
  }

  /** The endpoint of this number. */
  private Site site(int endpoint) {
    End.InPod end = classes.endpoints().get(endpoint);
    String name = end.pod()
        .map(pod -> end.workload().namespace() + "/" + pod.name())
        .orElse(end.workload().id());
    return new Site(name, cells(List.of(endpoint)), Optional.empty());
  }

  private Site site(String name, Workload workload, Predicate<Pod> which) {
    List<Integer> members = new ArrayList<>();
    List<End.InPod> endpoints = classes.endpoints();
    for (int i = firstEndpoint.get(workload);
        i < endpoints.size() && endpoints.get(i).workload() == workload;
        i++) {
      if (endpoints.get(i).pod().map(which::test).orElse(true)) {
        members.add(i);
      }
    }
    return new Site(name, cells(members), Optional.empty());
  }

  /** The pods that hold an address, as sites; more than one only if the manifests give it twice. */
  List<Site> podsAt(Address address) {
    List<Site> sites = new ArrayList<>();
    for (int endpoint : endpointsAt.getOrDefault(address, List.of())) {
      sites.add(site(endpoint));
    }
    return sites;
  }

  /** Every pod that holds one of these addresses. */
  List<Site> podsIn(AddressSet addresses) {
    List<Site> sites = new ArrayList<>();
    for (Address address : new java.util.TreeSet<>(endpointsAt.keySet())) {
      if (addresses.contains(address)) {
        sites.addAll(podsAt(address));
      }
    }
    return sites;
  }

  private List<Cell> cells(List<Integer> members) {
    record Key(int number, Optional<Family> family) {
      // What a record generates for these is linked at run time, which costs every start a
      // millisecond.
      @Override
      public boolean equals(Object other) {
        return other instanceof Key key && number == key.number && family.equals(key.family);
      }

      @Override
      public int hashCode() {
        return number * 31 + family.hashCode();
      }
    }
    Map<Key, List<End>> groups = new LinkedHashMap<>();
    for (int member : members) {
      End end = classes.endpoints().get(member);
      groups
          .computeIfAbsent(
              new Key(classes.classOf(member), Cell.familyOf(end)), k -> new ArrayList<>())
          .add(end);
    }
    List<Cell> cells = new ArrayList<>();
    groups.forEach((key, ends) -> cells.add(new Cell(ends, OptionalInt.of(key.number))));
    return cells;
  }

  /** {@code db} also means {@code db[db-1]}, a replica that differs from its siblings. */
  boolean isNamed(Workload workload, String name) {
    return workload.name().equals(name)
        || workload.name().startsWith(name + "[")
        || (name.endsWith("]") && name(workload).equals(workload.namespace() + "/" + name));
  }

  /** The Services of that name, in one namespace or in all. */
  List<Service> services(Optional<String> namespace, String name) {
    return cluster().services().stream()
        .filter(service -> namespace.isEmpty() || namespace.get().equals(service.namespace()))
        .filter(service -> service.name().equals(name))
        .toList();
  }
}
