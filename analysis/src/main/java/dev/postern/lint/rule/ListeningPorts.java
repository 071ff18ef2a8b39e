package dev.postern.lint.rule;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Written;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where pods listen, as far as anything says so: container ports, where Services lead, what the kubelet probes, what is scraped. Each
 * workload is looked at once. Not thread-safe.
 */
final class ListeningPorts {

  private final LintInput input;
  private final Map<Workload, Traffic> ports = new IdentityHashMap<>();
  private final Map<Workload, List<Service>> fronts = new IdentityHashMap<>();

  ListeningPorts(LintInput input) {
    this.input = input;
  }

  /** All ports that something says a workload listens on. */
  Traffic of(Workload workload) {
    return ports.computeIfAbsent(workload, this::said);
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
