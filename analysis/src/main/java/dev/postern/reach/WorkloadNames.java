package dev.postern.reach;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;

/** The names that workloads go by in answers: unique, so that a question can say which of two is meant. Immutable, and safe for use by
 * several threads. */
public final class WorkloadNames {

  private final Cluster cluster;

  /** The names of a cluster's workloads. */
  public WorkloadNames(Cluster cluster) {
    this.cluster = cluster;
  }

  /** {@code namespace/name}; {@code namespace/name[kind]} if a workload of another kind has the name too. */
  public String of(Workload workload) {
    return cluster.workloadsCalled(workload.namespace(), workload.name()).size() <= 1
        ? workload.id()
        : workload.id() + "[" + workload.kind() + "]";
  }
}
