package dev.postern.lint.rule;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Written;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where pods listen, as far as anything says so: container ports, where Services lead, what the kubelet probes, what is scraped. Each
 * workload is looked at once. Not thread-safe.
 */
final class ListeningPorts {

  private final LintInput input;
  private final Map<Workload, Traffic> ports = new IdentityHashMap<>();
  private final Map<Workload, List<Service>> fronts = new IdentityHashMap<>();

  /** The ports of all Services; empty until somebody asks. */
  private final Map<Protocol, Set<Integer>> servicePorts = new EnumMap<>(Protocol.class);

  ListeningPorts(LintInput input) {
    this.input = input;
  }

  /** All ports that something says a workload listens on. */
  Traffic of(Workload workload) {
    return ports.computeIfAbsent(workload, this::said);
  }

  /** Whether something says that a workload listens on some of this; the declared ports mostly do, and nothing else is looked at then. */
  boolean hearsSomeOf(Workload workload, Traffic traffic) {
    for (ContainerPort port : workload.ports()) {
      if (traffic.contains(port.protocol(), port.number())) {
        return true;
      }
    }
    return of(workload).intersects(traffic);
  }

  private Traffic said(Workload workload) {
    Traffic traffic = Traffic.NONE;
    for (ContainerPort port : workload.ports()) {
      traffic = traffic.union(Traffic.of(port.protocol(), PortSet.of(port.number())));
    }
    for (Service service : inFrontOf(workload)) {
      for (Service.Port port : service.ports()) {
        Optional<Integer> target = target(port, workload);
        if (target.isPresent()) {
          traffic = traffic.union(Traffic.of(port.protocol(), PortSet.of(target.get())));
        }
      }
    }
    Optional<Written> written = input.written(workload);
    return written.isPresent() ? traffic.union(mentioned(written.get())) : traffic;
  }

  /** Whether any Service has this port. */
  boolean isServicePort(Protocol protocol, int port) {
    if (servicePorts.isEmpty()) {
      servicePorts.put(Protocol.TCP, new HashSet<>());
      input
          .cluster()
          .services()
          .forEach(service -> service
              .ports()
              .forEach(each -> servicePorts
                  .computeIfAbsent(each.protocol(), unused -> new HashSet<>())
                  .add(each.port())));
    }
    return servicePorts.getOrDefault(protocol, Set.of()).contains(port);
  }

  /** The Services that select a workload's pods. */
  List<Service> inFrontOf(Workload workload) {
    return fronts.computeIfAbsent(workload, each -> {
      List<Service> found = new ArrayList<>(1);
      for (Service service : input.services(each.namespace())) {
        if (service.selector().isPresent() && service.selector().get().matches(each.labels())) {
          found.add(service);
        }
      }
      return List.copyOf(found);
    });
  }

  /** Where a Service's port leads on a pod; empty if the pod has no port of that name. */
  static Optional<Integer> target(Service.Port port, Workload workload) {
    if (port.target() instanceof Service.Target.Number number) {
      return Optional.of(number.port());
    }
    String name = ((Service.Target.Named) port.target()).name();
    return workload.ports().stream()
        .filter(p -> p.name().equals(name) && p.protocol() == port.protocol())
        .map(ContainerPort::number)
        .findFirst();
  }

  /** Ports of probes, and of the annotation that Prometheus reads by convention. */
  private static Traffic mentioned(Written object) {
    Traffic traffic = Traffic.NONE;
    Written template = object.at("spec", "template").orElse(object);
    Optional<Integer> scraped = template
        .at("metadata", "annotations")
        .flatMap(annotations -> annotations.text("prometheus.io/port"))
        .filter(text -> text.matches("[1-9][0-9]{0,4}"))
        .map(Integer::valueOf)
        .filter(port -> port <= PortSet.MAX);
    if (scraped.isPresent()) {
      traffic = traffic.union(Traffic.tcp(scraped.get()));
    }
    for (Probe probe : Probe.of(template)) {
      if (probe.number().isPresent()) {
        traffic =
            traffic.union(Traffic.of(Protocol.TCP, PortSet.of(probe.number().getAsInt())));
      }
    }
    return traffic;
  }
}
