package dev.postern.netfilter;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.policy.Policy;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Random changes of a cluster: pods that come, go, move or get other labels, and policies that come or go. */
final class Changes {

  private Changes() {}

  /** A cluster of which a few things differ. */
  static Cluster some(Cluster cluster, Random random) {
    Cluster changed = cluster;
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      changed = one(changed, cluster, random);
    }
    return changed;
  }

  private static Cluster one(Cluster cluster, Cluster from, Random random) {
    switch (random.nextInt(8)) {
      case 0, 1, 2:
        return workload(cluster, random, (w, pods) -> pods.add(pod(cluster, w, random)));
      case 3, 4:
        return workload(cluster, random, (w, pods) -> {
          if (!pods.isEmpty()) {
            pods.remove(random.nextInt(pods.size()));
          }
        });
      case 5:
        return relabelled(cluster, random);
      default:
        List<Policy> policies = new ArrayList<>(cluster.policies());
        if (random.nextBoolean() && !policies.isEmpty()) {
          policies.remove(random.nextInt(policies.size()));
        } else {
          policies = new ArrayList<>(from.policies());
        }
        return cluster.withPolicies(policies);
    }
  }

  private interface RuleEdit {
    void edit(Workload workload, List<Pod> pods);
  }

  private static Cluster workload(Cluster cluster, Random random, RuleEdit edit) {
    List<Workload> all = new ArrayList<>(cluster.workloads());
    if (all.isEmpty()) {
      return cluster;
    }
    int place = random.nextInt(all.size());
    Workload own = all.get(place);
    if (own.hostNetwork()) {
      return cluster;
    }
    List<Pod> pods = new ArrayList<>(own.pods());
    edit.edit(own, pods);
    // What is left without pods would stand for pods without addresses.
    all.remove(place);
    if (!pods.isEmpty()) {
      all.add(place, with(own, own, pods));
    }
    return cluster.withWorkloads(all);
  }

  /** A workload that is one pod with the labels of another: the same addresses are other peers now. */
  private static Cluster relabelled(Cluster cluster, Random random) {
    List<Workload> all = new ArrayList<>(cluster.workloads());
    if (all.size() < 2) {
      return cluster;
    }
    int place = random.nextInt(all.size());
    Workload own = all.get(place);
    Workload other = all.get(random.nextInt(all.size()));
    if (own.hostNetwork() || !own.namespace().equals(other.namespace())) {
      return cluster;
    }
    all.set(place, with(own, other, own.pods()));
    return cluster.withWorkloads(all);
  }

  private static Workload with(Workload own, Workload labels, List<Pod> pods) {
    return new Workload(
        own.namespace(),
        own.name(),
        own.kind(),
        labels.labels(),
        own.ports(),
        own.hostNetwork(),
        pods,
        own.origin());
  }

  /** With an address that some policy may be about as long as no pod has it. */
  private static Pod pod(Cluster cluster, Workload workload, Random random) {
    List<Address> free = Probes.of(cluster, random).outside(cluster).stream()
        .filter(address -> !address.isFirst() && !address.isLast())
        .toList();
    Optional<String> node = cluster.nodes().isEmpty()
        ? Optional.empty()
        : Optional.of(
            cluster.nodes().get(random.nextInt(cluster.nodes().size())).name());
    Address address = free.get(random.nextInt(free.size()));
    return new Pod(workload.name() + "-new-" + address, node, List.of(address), Origin.NONE);
  }
}
