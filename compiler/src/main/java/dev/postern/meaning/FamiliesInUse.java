package dev.postern.meaning;

import dev.postern.cluster.Cluster;
import dev.postern.net.Family;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.Collections;
import java.util.EnumSet;
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
    cluster
        .workloads()
        .forEach(workload -> workload
            .pods()
            .forEach(pod -> pod.addresses().forEach(address -> seen.add(address.family()))));
    cluster
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> seen.add(address.family())));
    cluster.services().forEach(service -> seen.addAll(service.families().required()));
    if (seen.isEmpty()) {
      cluster.policies().forEach(policy -> mentioned(policy, seen));
    }
    if (seen.isEmpty()) {
      seen.add(Family.IPV4);
    }
    return Collections.unmodifiableSet(seen);
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
