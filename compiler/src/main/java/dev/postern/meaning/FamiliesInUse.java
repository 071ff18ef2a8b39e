package dev.postern.meaning;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The families of addresses that a cluster uses: those of the addresses that its pods, nodes and Services have, and those that Services cannot be
 * there without; if there are none, those that policies mention; else IPv4.
 */
public final class FamiliesInUse {

  private FamiliesInUse() {}

  /** At least one, in the order of {@link Family}. */
  public static Set<Family> of(Cluster cluster) {
    Set<Family> seen = EnumSet.noneOf(Family.class);
    for (Workload workload : cluster.workloads()) {
      ofPods(workload, seen);
      if (seen.size() == Family.values().length) {
        return Collections.unmodifiableSet(seen);
      }
    }
    ofNodesAndServices(cluster, seen);
    if (seen.isEmpty()) {
      cluster.policies().forEach(policy -> mentioned(policy, seen));
    }
    if (seen.isEmpty()) {
      seen.add(Family.IPV4);
    }
    return Collections.unmodifiableSet(seen);
  }

  /**
   * Whether a later version of a cluster uses the same families, which is mostly known without looking at all of it.
   *
   * @param before the families of the earlier version
   * @param came the workloads that only the later version has; it may lack others
   */
  public static boolean stay(Set<Family> before, Cluster later, Collection<Workload> came) {
    Set<Family> seen = EnumSet.noneOf(Family.class);
    came.forEach(workload -> ofPods(workload, seen));
    ofNodesAndServices(later, seen);
    if (!before.containsAll(seen)) {
      return false;
    }
    Iterator<Workload> others = later.workloads().iterator();
    while (seen.size() < before.size() && others.hasNext()) {
      ofPods(others.next(), seen);
    }
    return seen.equals(before) || (seen.isEmpty() && of(later).equals(before));
  }

  private static void ofPods(Workload workload, Set<Family> seen) {
    for (Pod pod : workload.pods()) {
      for (Address address : pod.addresses()) {
        seen.add(address.family());
      }
    }
  }

  private static void ofNodesAndServices(Cluster cluster, Set<Family> seen) {
    cluster
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> seen.add(address.family())));
    cluster.services().forEach(service -> seen.addAll(service.families().required()));
  }

  private static void mentioned(Policy policy, Set<Family> seen) {
    mentioned(policy.ingress(), seen);
    mentioned(policy.egress(), seen);
  }

  private static void mentioned(List<PolicyRule> rules, Set<Family> seen) {
    for (PolicyRule rule : rules) {
      if (rule.peers() instanceof Peers.AnyOf any) {
        for (Peer peer : any.peers()) {
          if (peer instanceof Peer.IpBlock block) {
            seen.add(block.cidr().family());
          } else if (peer instanceof Peer.Networks networks) {
            networks.cidrs().forEach(cidr -> seen.add(cidr.family()));
          }
        }
      }
    }
  }
}
