package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster's workloads by namespace and by label, to look up near ones repeatedly. Immutable once made. */
public final class WorkloadIndex {

  private final Cluster cluster;
  private final Map<String, List<Workload>> byNamespace = new HashMap<>();
  /** Numbers of workloads in declared namespaces, rising, by the key and value of a label. */
  private final Map<String, Map<String, List<Integer>>> byLabel = new HashMap<>();

  private WorkloadIndex(Cluster cluster) {
    this.cluster = cluster;
    List<Workload> workloads = cluster.workloads();
    for (int number = 0; number < workloads.size(); number++) {
      Workload workload = workloads.get(number);
      byNamespace
          .computeIfAbsent(workload.namespace(), namespace -> new ArrayList<>())
          .add(workload);
      if (cluster.namespace(workload.namespace()).declared()) {
        Labels labels = workload.labels();
        for (int i = 0; i < labels.size(); i++) {
          byLabel
              .computeIfAbsent(labels.key(i), key -> new HashMap<>())
              .computeIfAbsent(labels.value(i), value -> new ArrayList<>())
              .add(number);
        }
      }
    }
  }

  /** The index of a cluster. */
  public static WorkloadIndex of(Cluster cluster) {
    return new WorkloadIndex(cluster);
  }

  Cluster cluster() {
    return cluster;
  }

  /** The workloads of namespaces, in the cluster's order. */
  List<Workload> in(Set<String> namespaces) {
    return namespaces.size() == 1
        ? byNamespace.getOrDefault(namespaces.iterator().next(), List.of())
        : cluster.workloads().stream()
            .filter(workload -> namespaces.contains(workload.namespace()))
            .toList();
  }

  /** The first workload of a declared namespace, other than these, that a selector matches. */
  Optional<Workload> firstElsewhere(Selector selector, Set<String> namespaces) {
    List<List<Integer>> fewest = List.of();
    int least = Integer.MAX_VALUE;
    for (Requirement requirement : selector.requirements()) {
      if (requirement.operator() == Operator.IN) {
        Map<String, List<Integer>> values = byLabel.getOrDefault(requirement.key(), Map.of());
        List<List<Integer>> candidates = requirement.values().stream()
            .map(value -> values.getOrDefault(value, List.of()))
            .toList();
        int number = candidates.stream().mapToInt(List::size).sum();
        if (number < least) {
          least = number;
          fewest = candidates;
        }
      }
    }
    if (least == Integer.MAX_VALUE) {
      return cluster.workloads().stream()
          .filter(workload -> cluster.namespace(workload.namespace()).declared()
              && isWanted(workload, selector, namespaces))
          .findFirst();
    }
    int first = Integer.MAX_VALUE;
    for (List<Integer> candidates : fewest) {
      for (int number : candidates) {
        if (number >= first) {
          break;
        }
        if (isWanted(cluster.workloads().get(number), selector, namespaces)) {
          first = number;
        }
      }
    }
    return first == Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of(cluster.workloads().get(first));
  }

  private static boolean isWanted(Workload workload, Selector selector, Set<String> namespaces) {
    return !namespaces.contains(workload.namespace()) && selector.matches(workload.labels());
  }
}
