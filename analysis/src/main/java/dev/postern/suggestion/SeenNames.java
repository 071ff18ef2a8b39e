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
            .map(workload -> workload.namespace() + "/" + owner(workload))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
  }

  /** A name for a policy about workloads that labels do not tell apart: that of the first of them. */
  static String ofPolicy(List<Workload> alike) {
    return alike.stream().map(SeenNames::owner).sorted().findFirst().orElseThrow();
  }

  /** The name of what people wrote: not that of one pod of it, nor of one revision. */
  private static String owner(Workload workload) {
    String whole = workload.ownerName();
    String revision = "-" + workload.labels().get("pod-template-hash").orElse("");
    return revision.length() > 1 && whole.endsWith(revision) && whole.length() > revision.length()
        ? whole.substring(0, whole.length() - revision.length())
        : whole;
  }
}
