package dev.postern.service;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is behind the Services of a cluster: the pods that a selector matches, each at its own target port where that is a name, or what
 * Endpoints and EndpointSlices list; at the addresses of the families that the Service has. Whether a pod is ready does not matter to policy. Immutable once made, and safe for use by
 * several threads.
 */
public final class Backends {

  private final Map<String, Service> services = new HashMap<>();
  private final Map<String, List<Workload>> workloads = new HashMap<>();
  private final Map<Address, End.InPod> podsByAddress = new HashMap<>();

  private final FamiliesOfServices families;

  private Backends(Cluster cluster) {
    this.families = FamiliesOfServices.of(cluster);
    cluster.services().forEach(service -> services.put(service.id(), service));
    for (Workload workload : cluster.workloads()) {
      workloads
          .computeIfAbsent(workload.namespace(), namespace -> new ArrayList<>())
          .add(workload);
    }
    if (cluster.services().stream().anyMatch(service -> !service.endpoints().isEmpty())) {
      for (Workload workload : cluster.workloads()) {
        ends(workload)
            .forEach(end -> end.address().ifPresent(a -> podsByAddress.putIfAbsent(a, end)));
      }
    }
  }

  public static Backends of(Cluster cluster) {
    return new Backends(cluster);
  }

  /** The Service of a namespace and name. */
  public Optional<Service> service(String namespace, String name) {
    return Optional.ofNullable(services.get(namespace + "/" + name));
  }

  /** What is behind one port of a Service; nothing for type ExternalName. */
  public List<ServiceBackend> behind(Service service, Service.Port port) {
    Set<Family> had = families.of(service);
    return service
        .selector()
        .map(selector -> selected(service.namespace(), selector, port))
        .orElseGet(() -> listed(service, port))
        .stream()
        .filter(backend -> backend.family().map(had::contains).orElse(true))
        .toList();
  }

  /** The families of the addresses of Services. */
  public FamiliesOfServices families() {
    return families;
  }

  /** What is behind all ports of a Service. */
  public List<ServiceBackend> behind(Service service) {
    return service.ports().stream()
        .flatMap(port -> behind(service, port).stream())
        .toList();
  }

  /** Where an entrance leads: to the backends' own ports, since controllers pass the Service by. A Service that is not there leads nowhere. */
  public List<ServiceBackend> behind(Entrance entrance) {
    List<ServiceBackend> behind = new ArrayList<>();
    for (Entrance.BackendReference backend : entrance.backends()) {
      service(backend.namespace(), backend.service())
          .ifPresent(service -> service.ports().stream()
              .filter(port -> isMeant(backend, port))
              .forEach(port -> behind.addAll(behind(service, port))));
    }
    return behind;
  }

  private static boolean isMeant(Entrance.BackendReference backend, Service.Port port) {
    return backend.port().isPresent()
        ? backend.port().getAsInt() == port.port()
        : backend.portName().isEmpty() || backend.portName().equals(port.name());
  }

  private List<ServiceBackend> selected(String namespace, Selector selector, Service.Port port) {
    List<ServiceBackend> behind = new ArrayList<>();
    for (Workload workload : workloads.getOrDefault(namespace, List.of())) {
      if (selector.matches(workload.labels())) {
        target(workload, port)
            .ifPresent(number -> ends(workload)
                .forEach(end -> behind.add(new ServiceBackend(end, port.protocol(), number))));
      }
    }
    return behind;
  }

  private static Optional<Integer> target(Workload workload, Service.Port port) {
    if (port.target() instanceof Service.Target.Number number) {
      return Optional.of(number.port());
    }
    String name = ((Service.Target.Named) port.target()).name();
    return workload.ports().stream()
        .filter(p -> p.name().equals(name) && p.protocol() == port.protocol())
        .map(ContainerPort::number)
        .findFirst();
  }

  private List<ServiceBackend> listed(Service service, Service.Port port) {
    List<ServiceBackend> behind = new ArrayList<>();
    for (Service.SliceEndpoint endpoint : service.endpoints()) {
      for (Service.EndpointPort there : endpoint.ports()) {
        if (there.name().equals(port.name()) && there.protocol() == port.protocol()) {
          End.InPod pod = podsByAddress.get(endpoint.address());
          End end = pod == null ? new End.Outside(endpoint.address()) : pod;
          behind.add(new ServiceBackend(end, there.protocol(), there.port()));
        }
      }
    }
    return behind;
  }

  private static List<End.InPod> ends(Workload workload) {
    if (workload.pods().isEmpty()) {
      return List.of(End.InPod.template(workload));
    }
    List<End.InPod> ends = new ArrayList<>(workload.pods().size());
    for (Pod pod : workload.pods()) {
      if (pod.addresses().isEmpty()) {
        ends.add(new End.InPod(workload, Optional.of(pod), Optional.empty()));
      }
      pod.addresses()
          .forEach(
              address -> ends.add(new End.InPod(workload, Optional.of(pod), Optional.of(address))));
    }
    return ends;
  }
}
