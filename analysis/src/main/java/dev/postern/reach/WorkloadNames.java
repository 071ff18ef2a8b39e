package dev.postern.reach;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import java.util.HashMap;
import java.util.Map;

/** The names that workloads go by in answers: unique, so that a question can say which of two is meant. Immutable once made, and
 * safe for use by several threads. */
public final class WorkloadNames {

  private final Map<String, Integer> kindsOfId = new HashMap<>();

  /** The names of a cluster's workloads. */
  public WorkloadNames(Cluster cluster) {
    cluster.workloads().forEach(workload -> kindsOfId.merge(workload.id(), 1, Integer::sum));
  }

  /** {@code namespace/name}; {@code namespace/name[kind]} if a workload of another kind has the name too. */
  public String of(Workload workload) {
    return kindsOfId.getOrDefault(workload.id(), 1) == 1
        ? workload.id()
        : workload.id() + "[" + workload.kind() + "]";
  }
}
