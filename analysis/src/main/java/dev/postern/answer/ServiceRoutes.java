package dev.postern.answer;

import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.question.Asked;
import dev.postern.service.Backend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a Service leads: from its ports to the pods behind it and their ports, as kube-proxy does. A headless Service only names its pods, so
 * ports stay as they are.
 */
final class ServiceRoutes {

  private final Directory directory;
  private final Service service;
  private final Asked asked;
  private final boolean fromOutside;
  private final List<Target> targets = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();

  /**
   * The way through a Service.
   *
   * @param fromOutside whether clients come from outside the cluster, to whom node ports are open too
   */
  ServiceRoutes(Directory directory, Service service, Asked asked, boolean fromOutside) {
    this.directory = directory;
    this.service = service;
    this.asked = asked;
    this.fromOutside = fromOutside;
    if (service.type() == Service.Type.EXTERNAL_NAME) {
      targets.add(Target.of(Outsiders.domainName(service.externalName()), asked.traffic()));
      notes.add("service " + service.id() + " is another name of " + service.externalName()
          + ", which lies outside the cluster");
    } else if (service.headless()) {
      headless();
    } else {
      throughPorts();
    }
  }

  /** Where it leads; empty if nothing is known to be behind it. */
  List<Target> targets() {
    return targets;
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /** Whether a node may put its own address in place of the client's. */
  boolean hidesTheClient() {
    return fromOutside
        && !service.localTrafficOnly()
        && (service.type() == Service.Type.NODE_PORT
            || service.type() == Service.Type.LOAD_BALANCER);
  }

  private void headless() {
    Traffic listed = service.ports().stream()
        .map(port -> Traffic.of(port.protocol(), PortSet.of(port.port())))
        .reduce(Traffic.NONE, Traffic::union);
    Traffic traffic = asked.explicit() || listed.isEmpty() ? asked.traffic() : listed;
    behind().forEach(site -> targets.add(Target.of(site, traffic)));
    notes.add("service " + service.id()
        + " is headless: its name stands for the pods, and clients choose the port");
    nobodyBehind();
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
    Traffic open = Traffic.NONE;
    for (Service.Port port : service.ports()) {
      Traffic doors = Traffic.of(port.protocol(), PortSet.of(port.port()));
      if (fromOutside && port.nodePort().isPresent()) {
        doors =
            doors.union(Traffic.of(port.protocol(), PortSet.of(port.nodePort().getAsInt())));
      }
      open = open.union(doors);
      if (!asked.traffic().intersect(doors).isEmpty()) {
        throughPort(port);
      }
    }
    Traffic missing = asked.traffic().minus(open);
    if (asked.explicit() && !asked.existential() && !missing.isEmpty()) {
      targets.add(Target.nowhere(missing));
      notes.add("service " + service.id() + " has no port for " + missing + ": "
          + (open.isEmpty() ? "it has none at all" : "it has " + open));
    }
    nobodyBehind();
  }

  private void nobodyBehind() {
    if (targets.isEmpty()) {
      notes.add("nothing is known to be behind service " + service.id() + ": "
          + service
              .selector()
              .map(s -> "no pod in namespace " + service.namespace() + " matches " + s)
              .orElse("it has no selector, and no EndpointSlice names its endpoints"));
    }
  }

  private void throughPort(Service.Port port) {
    String door = port.protocol().word() + "/" + port.port();
    List<String> leads = new ArrayList<>();
    Set<Workload> led = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Backend backend : directory.backends().behind(service, port)) {
      if (service.selector().isPresent() && backend.end() instanceof End.InPod pod) {
        if (led.add(pod.workload())) {
          lead(directory.site(pod.workload()), backend, leads);
        }
      } else {
        sites(backend.end()).forEach(site -> lead(site, backend, leads));
      }
    }
    if (port.target() instanceof Service.Target.Named named) {
      workloads().stream()
          .filter(workload -> !led.contains(workload))
          .forEach(workload -> notes.add(workload.id() + " is not behind " + door + " of service "
              + service.id() + ": it declares no " + port.protocol() + " port named `"
              + named.name() + "`"));
    }
    if (!leads.isEmpty()) {
      notes.add("service " + service.id() + " leads " + door + " to "
          + leads.stream().limit(4).collect(Collectors.joining(", "))
          + (leads.size() > 4 ? " and " + (leads.size() - 4) + " more" : ""));
    }
  }

  private List<Site> sites(End end) {
    return end instanceof End.InPod pod
        ? List.of(directory.site(pod))
        : Outsiders.sites(directory, AddressSet.of(Cidr.of(((End.Outside) end).address())));
  }

  private void lead(Site site, Backend backend, List<String> leads) {
    targets.add(
        Target.behindService(site, Traffic.of(backend.protocol(), PortSet.of(backend.port()))));
    leads.add(site.name() + " port " + backend.port());
  }

  /** Whether this end would reach a Service from outside the cluster. */
  static boolean isOutside(List<Site> sources) {
    return sources.stream().anyMatch(site -> site.range().isPresent());
  }

  /** The Service whose cluster IP a party names, if it names one. */
  static Optional<Service> at(Directory directory, AddressSet addresses) {
    return isOne(addresses)
        ? directory.serviceAt(addresses.ranges().get(0).first())
        : Optional.empty();
  }

  /** Whether this is one address. */
  static boolean isOne(AddressSet addresses) {
    return addresses.ranges().size() == 1
        && addresses.ranges().get(0).first().equals(addresses.ranges().get(0).last());
  }
}
