package dev.postern.answer;

import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.ShortList;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.question.Asked;
import dev.postern.service.ServiceBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a Service leads: from its ports to the pods behind it and their ports, as kube-proxy does. A headless Service only names its pods, so
 * ports stay as they are.
 */
final class ServiceRoutes {

  private final Directory directory;
  private final Service service;
  private final Asked asked;
  private final ServiceAccess way;
  /** The families of the addresses that it leads to. */
  private final Set<Family> families;

  private final List<Destination> targets = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private Traffic open = Traffic.NONE;
  private Traffic openInside = Traffic.NONE;
  private Traffic closedInside = Traffic.NONE;

  /**
   * The way through a Service that has a selector or endpoints; an ExternalName only names another.
   *
   * @param listed ports of a headless Service that are asked about without saying their number at the pods
   */
  ServiceRoutes(
      Directory directory,
      Service service,
      Asked asked,
      ServiceAccess way,
      List<Service.Port> listed) {
    this.directory = directory;
    this.service = service;
    this.asked = asked;
    this.way = way;
    this.families = EnumSet.copyOf(directory.familiesOfServices().of(service));
    way.family().ifPresent(called -> families.retainAll(Set.of(called)));
    if (service.headless()) {
      headless(listed);
    } else {
      throughPorts();
    }
  }

  /** Where it leads; empty if nothing is known to be behind it. */
  List<Destination> targets() {
    return targets;
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /** The traffic that the Service takes here. */
  Traffic open() {
    return open;
  }

  /** The traffic that was asked about and that it takes from clients outside only, at node ports. */
  Traffic closedInside() {
    return closedInside;
  }

  private void headless(List<Service.Port> listed) {
    Map<String, Destination> found = new LinkedHashMap<>();
    if (!asked.traffic().isEmpty()) {
      List<Site> behind = behind();
      Set<Family> there = ofSites(behind);
      behind.forEach(site -> atOnce(site, asked.traffic(), there, found));
    }
    for (Service.Port port : listed) {
      List<String> leads = new ArrayList<>();
      Set<Workload> led = Collections.newSetFromMap(new IdentityHashMap<>());
      List<ServiceBackend> behind = directory.backends().behind(service, port);
      Set<Family> there = ofBackends(behind);
      for (ServiceBackend backend : behind) {
        Traffic traffic = Traffic.of(backend.protocol(), PortSet.of(backend.port()));
        for (Site site : sites(backend, led)) {
          atOnce(site, traffic, there, found);
          leads.add(site.name() + " port " + backend.port());
        }
      }
      String name = port.name().isEmpty() ? way.door(port) : "port `" + port.name() + "`";
      notBehind(port, name, led);
      note(name, leads);
    }
    targets.addAll(found.values());
    open = targets.stream().map(Destination::asked).reduce(Traffic.NONE, Traffic::union);
    notes.add("service " + service.id()
        + " is headless: its name stands for the pods, and clients choose the port");
    nobodyBehind();
  }

  /** A site is one destination, whatever is asked of it. */
  private void atOnce(
      Site site, Traffic traffic, Set<Family> there, Map<String, Destination> found) {
    Site reached = site.in(families);
    if (!reached.cells().isEmpty()) {
      found.merge(
          site.name(),
          Destination.of(reached, traffic).among(there),
          (one, more) -> Destination.of(
                  one.site().map(reached::and).orElse(reached), one.asked().union(more.asked()))
              .among(inBoth(one.led(), more.led())));
    }
  }

  /** What leads nowhere at one of the ports leads nowhere at all of them. */
  private static Set<Family> inBoth(Set<Family> one, Set<Family> other) {
    Set<Family> both = EnumSet.noneOf(Family.class);
    both.addAll(one);
    both.retainAll(other);
    return both;
  }

  private Set<Family> ofSites(List<Site> sites) {
    return ledTo(
        sites.stream().flatMap(site -> site.in(families).cells().stream()).map(Cell::family));
  }

  private Set<Family> ofBackends(List<ServiceBackend> backends) {
    return ledTo(backends.stream().map(ServiceBackend::family));
  }

  /** The families of the Service in which it leads somewhere; what has no known address may have one of each. */
  private Set<Family> ledTo(Stream<Optional<Family>> addresses) {
    Set<Family> led = EnumSet.noneOf(Family.class);
    addresses.forEach(family -> family.ifPresentOrElse(led::add, () -> led.addAll(families)));
    led.retainAll(families);
    return led;
  }

  /** Everything behind the Service, whatever its ports. */
  private List<Site> behind() {
    return service.selector().isPresent()
        ? workloads().stream().map(directory::site).toList()
        : service.endpoints().stream()
            .flatMap(e -> Outsiders.sites(directory, AddressSet.of(Cidr.of(e.address()))).stream())
            .toList();
  }

  private List<Workload> workloads() {
    return service.selector().stream()
        .flatMap(selector -> directory.cluster().workloads().stream()
            .filter(w -> w.namespace().equals(service.namespace()))
            .filter(w -> selector.matches(w.labels())))
        .toList();
  }

  private void throughPorts() {
    for (Service.Port port : service.ports()) {
      Traffic doors = way.doors(port);
      open = open.union(doors);
      openInside = openInside.union(way.doorsInside(port));
      if (!asked.traffic().intersect(doors).isEmpty()) {
        throughPort(port);
      }
    }
    Traffic missing = asked.traffic().minus(open);
    boolean wanted = asked.explicit() && !asked.existential() && !missing.isEmpty();
    if (way.ownsAddress() && wanted) {
      targets.add(Destination.nowhere(missing, Clients.EVERYONE));
      notes.add("service " + service.id() + " has no port for " + missing + ": "
          + (open.isEmpty() ? "it has none at all" : "it has " + open));
    }
    if (asked.explicit()
        && (!asked.existential() || asked.traffic().intersect(openInside).isEmpty())) {
      closedInside = asked.traffic().intersect(open).minus(openInside);
    }
    if (way.ownsAddress() || !asked.traffic().intersect(open).isEmpty()) {
      nobodyBehind();
    }
    if (!closedInside.isEmpty()) {
      targets.add(Destination.nowhere(closedInside, Clients.INSIDE));
    }
  }

  private void nobodyBehind() {
    if (targets.isEmpty()) {
      notes.add("nothing is known to be behind service " + service.id() + ": "
          + service
              .selector()
              .map(s -> "no pod in namespace " + service.namespace() + " matches " + s
                  + (workloads().isEmpty()
                      ? ""
                      : " and has what its port leads to at an address of a family of the Service ("
                          + families.stream().map(Family::word).collect(Collectors.joining(", "))
                          + ")"))
              .orElse("it has no selector, and no EndpointSlice names its endpoints"));
    }
  }

  private void throughPort(Service.Port port) {
    String door = way.door(port);
    List<String> leads = new ArrayList<>();
    Set<Workload> led = Collections.newSetFromMap(new IdentityHashMap<>());
    Clients clients = asked.traffic().intersect(way.doorsInside(port)).isEmpty()
        ? Clients.OUTSIDE
        : Clients.EVERYONE;
    List<ServiceBackend> behind = directory.backends().behind(service, port);
    List<ServiceBackend> called = behind.stream()
        .filter(backend -> backend.family().map(families::contains).orElse(true))
        .toList();
    Way to = new Way(
        way.crossing(service, port, called.stream().anyMatch(this::isOnCalledNode)), clients);
    if (way.isLocalToNode(service)
        && !called.isEmpty()
        && called.stream().allMatch(this::isOnAnotherNode)) {
      notes.add("no pod behind service " + service.id() + " runs on node "
          + String.join(", ", way.nodes())
          + ", and its externalTrafficPolicy is Local: the node drops what comes to " + door
          + " from outside");
    }
    Set<Family> there = ofBackends(behind);
    for (ServiceBackend backend : behind) {
      sites(backend, led).forEach(site -> lead(site, to, backend, there, leads));
    }
    notBehind(port, door, led);
    note(door, leads);
  }

  /** Pods that a selector selects by their workload, once for all of them; what is listed by its address. */
  private List<Site> sites(ServiceBackend backend, Set<Workload> led) {
    if (service.selector().isPresent() && backend.end() instanceof End.InPod pod) {
      return led.add(pod.workload()) ? List.of(directory.site(pod.workload())) : List.of();
    }
    return sites(backend.end());
  }

  private void notBehind(Service.Port port, String door, Set<Workload> led) {
    if (port.target() instanceof Service.Target.Named named) {
      workloads().stream()
          .filter(workload -> !led.contains(workload))
          .filter(workload -> workload.ports().stream()
              .noneMatch(p -> p.protocol() == port.protocol() && p.name().equals(named.name())))
          .forEach(workload -> notes.add(workload.id() + " is not behind " + door + " of service "
              + service.id() + ": it declares no " + port.protocol() + " port named `"
              + named.name() + "`"));
    }
  }

  private void note(String door, List<String> leads) {
    if (!leads.isEmpty()) {
      notes.add("service " + service.id() + " leads " + door + " to "
          + leads.stream().collect(ShortList.ofFirst(4)));
    }
  }

  private List<Site> sites(End end) {
    return end instanceof End.InPod pod
        ? List.of(directory.site(pod))
        : Outsiders.sites(directory, AddressSet.of(Cidr.of(((End.Outside) end).address())));
  }

  /** A way to one port. */
  private record Way(ServiceTranslation crossing, Clients clients) {}

  private boolean isOnCalledNode(ServiceBackend backend) {
    return node(backend).filter(way.nodes()::contains).isPresent();
  }

  private boolean isOnAnotherNode(ServiceBackend backend) {
    return node(backend).filter(node -> !way.nodes().contains(node)).isPresent();
  }

  private static Optional<String> node(ServiceBackend backend) {
    return backend.end() instanceof End.InPod pod ? pod.pod().flatMap(Pod::node) : Optional.empty();
  }

  /** What is listed by its address of each family is one destination, which a client of either reaches. */
  private void once(Destination destination) {
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).isAtOtherEndsOf(destination)) {
        targets.set(i, targets.get(i).and(destination));
        return;
      }
    }
    targets.add(destination);
  }

  private void lead(
      Site site, Way to, ServiceBackend backend, Set<Family> there, List<String> leads) {
    Site reached = site.in(families);
    if (!reached.cells().isEmpty()) {
      Traffic traffic = Traffic.of(backend.protocol(), PortSet.of(backend.port()));
      once(Destination.behindService(reached, traffic, to.crossing(), way.family(), to.clients())
          .among(there));
      leads.add(site.name() + " port " + backend.port());
    }
  }
}
