package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.reach.WorkloadNames;
import dev.postern.suggestion.Call.Party;
import java.util.List;
import java.util.stream.Collectors;

/** What suggestions call ends and policies. */
final class SeenNames {

  private final WorkloadNames names;

  SeenNames(Cluster cluster) {
    this.names = new WorkloadNames(cluster);
  }

  /** The workload, all of those that labels do not tell apart, or the address. */
  String of(Party party) {
    return party instanceof Party.Pods pods
        ? of(pods.alike())
        : party instanceof Party.Outside outside ? outside.address().toString() : "nobody";
  }

  private String of(List<Workload> alike) {
    return alike.size() == 1
        ? names.of(alike.get(0))
        : alike.stream()
            .map(workload -> workload.namespace() + "/" + workload.lastingName())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
  }

  /** A name for a policy about workloads that labels do not tell apart: that of the first of them. */
  static String ofPolicy(List<Workload> alike) {
    return alike.stream().map(Workload::lastingName).sorted().findFirst().orElseThrow();
  }
}
