package dev.postern.spark;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Small differences between clusters in what policies are about: workloads, Services, nodes. */
enum InhabitantChange {
  DROP_WORKLOAD,
  RELABEL_WORKLOAD,
  MOVE_PORTS,
  FORGET_ADDRESSES,
  DROP_SERVICE,
  DROP_NODE;

  /** The cluster with one such difference, or nothing if it has none of what differs. */
  Optional<Cluster> of(Cluster cluster, Random random) {
    return switch (this) {
      case DROP_WORKLOAD ->
        cluster.workloads().size() < 2
            ? Optional.empty()
            : without(cluster.workloads(), random).map(left -> with(cluster, left));
      case RELABEL_WORKLOAD ->
        changed(
            cluster, random, old -> with(old, relabelled(old.labels()), old.ports(), old.pods()));
      case MOVE_PORTS ->
        changed(cluster, random, old -> with(old, old.labels(), moved(old.ports()), old.pods()));
      case FORGET_ADDRESSES ->
        changed(
            cluster, random, old -> with(old, old.labels(), old.ports(), placeless(old.pods())));
      case DROP_SERVICE -> without(cluster.services(), random).map(left -> served(cluster, left));
      case DROP_NODE -> without(cluster.nodes(), random).map(left -> on(cluster, left));
    };
  }

  private static <T> Optional<List<T>> without(List<T> all, Random random) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    List<T> left = new ArrayList<>(all);
    left.remove(random.nextInt(left.size()));
    return Optional.of(left);
  }

  private static Optional<Cluster> changed(
      Cluster cluster, Random random, UnaryOperator<Workload> change) {
    List<Workload> workloads = new ArrayList<>(cluster.workloads());
    int place = random.nextInt(workloads.size());
    workloads.set(place, change.apply(workloads.get(place)));
    return Optional.of(with(cluster, workloads));
  }

  private static Labels relabelled(Labels labels) {
    return labels.with("app", labels.get("app").equals(Optional.of("web")) ? "db" : "web");
  }

  /** The same names on other numbers. */
  private static List<ContainerPort> moved(List<ContainerPort> ports) {
    return ports.stream()
        .map(port -> new ContainerPort(port.name(), port.protocol(), port.number() % 65_535 + 1))
        .toList();
  }

  private static List<Pod> placeless(List<Pod> pods) {
    return pods.stream()
        .map(pod -> new Pod(pod.name(), Optional.empty(), List.of(), pod.hostname(), pod.origin()))
        .toList();
  }

  private static Workload with(
      Workload old, Labels labels, List<ContainerPort> ports, List<Pod> pods) {
    return new Workload(
        old.namespace(),
        old.name(),
        old.kind(),
        labels,
        ports,
        old.hostNetwork(),
        pods,
        old.origin());
  }

  private static Cluster with(Cluster cluster, List<Workload> workloads) {
    return new Cluster(
        cluster.namespaces(),
        workloads,
        cluster.services(),
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies());
  }

  private static Cluster served(Cluster cluster, List<Service> services) {
    return new Cluster(
        cluster.namespaces(),
        cluster.workloads(),
        services,
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies());
  }

  private static Cluster on(Cluster cluster, List<Node> nodes) {
    return new Cluster(
        cluster.namespaces(),
        cluster.workloads(),
        cluster.services(),
        nodes,
        cluster.entrances(),
        cluster.policies());
  }
}
