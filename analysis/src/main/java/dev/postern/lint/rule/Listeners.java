package dev.postern.lint.rule;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.Ports;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who is at the receiving end of rules, and where they listen, all together. */
final class Listeners {

  /** A Service's port, and where it leads on the first pods behind it. */
  record Front(Service service, int target) {}

  private final List<Workload> workloads;
  /** The protocols for which some pod has a port of a name. */
  private final Map<String, Set<Protocol>> names = new HashMap<>();

  private final List<Service> services;
  private final Traffic heard;
  private final boolean allSayWhere;
  private final Map<Protocol, Map<Integer, Front>> fronts = new EnumMap<>(Protocol.class);
  private final Traffic servicePorts;

  Listeners(List<Workload> workloads, ListeningPorts listening) {
    this.workloads = List.copyOf(workloads);
    boolean all = true;
    Traffic heard = Traffic.NONE;
    Traffic servicePorts = Traffic.NONE;
    Set<Service> inFront = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Workload workload : workloads) {
      for (ContainerPort port : workload.ports()) {
        if (!port.name().isEmpty()) {
          names
              .computeIfAbsent(port.name(), name -> EnumSet.noneOf(Protocol.class))
              .add(port.protocol());
        }
      }
      inFront.addAll(listening.inFrontOf(workload));
      all &= !workload.ports().isEmpty();
      heard = union(heard, listening.of(workload));
      for (Service service : listening.inFrontOf(workload)) {
        for (Service.Port port : service.ports()) {
          Optional<Integer> target = ListeningPorts.target(port, workload);
          if (!servicePorts.contains(port.protocol(), port.port())) {
            servicePorts = servicePorts.union(Traffic.of(port.protocol(), PortSet.of(port.port())));
          }
          target.ifPresent(number -> fronts
              .computeIfAbsent(port.protocol(), protocol -> new HashMap<>())
              .putIfAbsent(port.port(), new Front(service, number)));
        }
      }
    }
    this.services = inFront.stream()
        .sorted(Comparator.comparing(Service::namespace).thenComparing(Service::name))
        .toList();
    this.allSayWhere = all;
    this.heard = heard;
    this.servicePorts = servicePorts;
  }

  /** Most say the same as those before them. */
  private static Traffic union(Traffic some, Traffic more) {
    return some.containsAll(more) ? some : some.union(more);
  }

  List<Workload> workloads() {
    return workloads;
  }

  /** The Services in front of them, in the cluster's order. */
  List<Service> services() {
    return services;
  }

  /** Whether one of them has a port of this name and protocol. */
  boolean haveName(Ports.Named named) {
    Set<Protocol> protocols = names.getOrDefault(named.name(), Set.of());
    return named.protocol().map(protocols::contains).orElse(!protocols.isEmpty());
  }

  /** Every port that something says one of them listens on. */
  Traffic heard() {
    return heard;
  }

  /** Whether each of them declares a port. */
  boolean allSayWhere() {
    return allSayWhere;
  }

  /** The ports of the Services in front of them. */
  Traffic servicePorts() {
    return servicePorts;
  }

  /** The first Service that has a port of this number in front of them, if it leads anywhere. */
  Optional<Front> front(Protocol protocol, int port) {
    return Optional.ofNullable(fronts.getOrDefault(protocol, Map.of()).get(port));
  }
}
