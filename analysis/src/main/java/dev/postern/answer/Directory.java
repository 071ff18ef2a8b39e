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
  private final ServiceProxy proxy;
  private final WorkloadNames workloadNames;
  private final Parts parts;
  private Optional<Set<Family>> families = Optional.empty();

  /** What costs more than a question that does not ask for it: made when first asked for. Depends on no policy. */
  private static final class Parts {
    private final Cluster cluster;
    private final Classes classes;
    private final String clusterDomain;
    private Optional<Map<Address, List<Integer>>> endpointsAt = Optional.empty();
    private Optional<AddressSet> podAddresses = Optional.empty();
    private Optional<Map<Address, Set<String>>> nodesAt = Optional.empty();
    private Optional<ServiceAddresses> serviceAddresses = Optional.empty();
    private Optional<ClusterNames> names = Optional.empty();
    private Optional<Backends> backends = Optional.empty();

    Parts(Plan plan, String clusterDomain) {
      this.cluster = plan.cluster();
      this.classes = plan.classes();
      this.clusterDomain = clusterDomain;
    }

    synchronized Map<Address, List<Integer>> endpointsAt() {
      if (endpointsAt.isEmpty()) {
        Map<Address, List<Integer>> at = new HashMap<>();
        List<End.InPod> endpoints = classes.endpoints();
        for (int i = 0; i < endpoints.size(); i++) {
          End.InPod end = endpoints.get(i);
          if (end.address().isPresent() && !end.workload().hostNetwork()) {
            at.computeIfAbsent(end.address().get(), a -> new ArrayList<>(1)).add(i);
          }
        }
        endpointsAt = Optional.of(at);
      }
      return endpointsAt.get();
    }

    synchronized AddressSet podAddresses() {
      if (podAddresses.isEmpty()) {
        podAddresses = Optional.of(AddressSet.ofAddresses(endpointsAt().keySet()));
      }
      return podAddresses.get();
    }

    synchronized Map<Address, Set<String>> nodesAt() {
      if (nodesAt.isEmpty()) {
        Map<Address, Set<String>> at = new HashMap<>();
        for (Node node : cluster.nodes()) {
          node.addresses()
              .forEach(
                  address -> at.computeIfAbsent(address, a -> new HashSet<>(1)).add(node.name()));
        }
        nodesAt = Optional.of(at);
      }
      return nodesAt.get();
    }

    synchronized ServiceAddresses serviceAddresses() {
      if (serviceAddresses.isEmpty()) {
        serviceAddresses = Optional.of(ServiceAddresses.of(cluster));
      }
      return serviceAddresses.get();
    }

    synchronized ClusterNames names() {
      if (names.isEmpty()) {
        names = Optional.of(new ClusterNames(cluster, clusterDomain));
      }
      return names.get();
    }

    synchronized Backends backends() {
      if (backends.isEmpty()) {
        backends = Optional.of(Backends.of(cluster));
      }
      return backends.get();
    }
  }

  Directory(Plan plan, String clusterDomain, ServiceProxy proxy) {
    this(plan, clusterDomain, proxy, new Parts(plan, clusterDomain));
  }

  private Directory(Plan plan, String clusterDomain, ServiceProxy proxy, Parts parts) {
    this.plan = plan;
    this.classes = plan.classes();
    this.clusterDomain = clusterDomain;
    this.proxy = proxy;
    this.workloadNames = new WorkloadNames(plan.cluster());
    this.parts = parts;
  }

  /** Who is who in a later plan; over the same classes and Services nothing is looked up anew. */
  Directory after(Plan later) {
    return later.classes() == classes
            && later.cluster().services().equals(cluster().services())
            && later.cluster().entrances().equals(cluster().entrances())
        ? new Directory(later, clusterDomain, proxy, parts)
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
        .map(name -> plan.cluster().workloadsIn(name))
        .orElse(plan.cluster().workloads());
  }

  /** The families that are in use. */
  synchronized Set<Family> families() {
    Set<Family> known = families.orElseGet(() -> FamiliesInUse.of(plan.cluster()));
    families = Optional.of(known);
    return known;
  }

  /** The addresses of pods that are not on the host network. */
  AddressSet podAddresses() {
    return parts.podAddresses();
  }

  Set<Address> nodeAddresses() {
    return parts.nodesAt().keySet();
  }

  /** The names of nodes, by their addresses. */
  Map<Address, Set<String>> nodesAt() {
    return parts.nodesAt();
  }

  /** The choices of what serves Services. */
  ServiceProxy proxy() {
    return proxy;
  }

  /** What is behind the Services. */
  Backends backends() {
    return parts.backends();
  }

  /** The families of the addresses of Services. */
  FamiliesOfServices familiesOfServices() {
    return parts.backends().families();
  }

  /** The addresses that lead to Services. */
  ServiceAddresses serviceAddresses() {
    return parts.serviceAddresses();
  }

  /** What DNS names mean here. */
  ClusterNames names() {
    return parts.names();
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
    int at = first(end.workload());
    while (!endpoints.get(at).equals(end)) {
      at++;
    }
    return site(at);
  }

  private int first(Workload workload) {
    return classes.firstOf(plan.cluster().placeOf(workload));
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
    for (int i = first(workload);
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
    for (int endpoint : parts.endpointsAt().getOrDefault(address, List.of())) {
      sites.add(site(endpoint));
    }
    return sites;
  }

  /** Every pod that holds one of these addresses. */
  List<Site> podsIn(AddressSet addresses) {
    List<Site> sites = new ArrayList<>();
    for (Address address : new java.util.TreeSet<>(parts.endpointsAt().keySet())) {
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
        || workload.ownerName().equals(name)
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
