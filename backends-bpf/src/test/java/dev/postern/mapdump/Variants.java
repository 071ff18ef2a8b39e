package dev.postern.mapdump;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Earlier and later states of a cluster: some of its policies and workloads, which sometimes have the labels of others. */
public final class Variants {

  private Variants() {}

  public static Cluster of(Cluster all, Random random) {
    List<Policy> policies = new ArrayList<>(all.policies());
    policies.removeIf(policy -> random.nextInt(3) == 0);
    List<Workload> workloads = new ArrayList<>();
    for (Workload workload : all.workloads()) {
      Workload like = all.workloads().get(random.nextInt(all.workloads().size()));
      if (random.nextInt(8) > 0) {
        workloads.add(new Workload(
            workload.namespace(),
            workload.name(),
            workload.kind(),
            random.nextInt(6) == 0 ? like.labels() : workload.labels(),
            workload.ports(),
            workload.hostNetwork(),
            workload.pods(),
            workload.origin()));
      }
    }
    return new Cluster(
        all.namespaces(), workloads, all.services(), all.nodes(), all.entrances(), policies);
  }
}
