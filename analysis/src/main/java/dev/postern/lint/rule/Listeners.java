package dev.postern.lint.rule;

import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is at the receiving end of rules, and where they listen, all together. */
final class Listeners {

  /** A Service's port, and where it leads on the first pods behind it. */
  record Front(Service service, int target) {}

  private final List<Workload> workloads;
  private final Traffic heard;
  private final boolean allSayWhere;
  private final Map<Protocol, Map<Integer, Front>> fronts = new EnumMap<>(Protocol.class);
  private final Traffic servicePorts;

  Listeners(List<Workload> workloads, ListeningPorts listening) {
    this.workloads = List.copyOf(workloads);
    boolean all = true;
    Traffic heard = Traffic.NONE;
    Traffic servicePorts = Traffic.NONE;
    for (Workload workload : workloads) {
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
