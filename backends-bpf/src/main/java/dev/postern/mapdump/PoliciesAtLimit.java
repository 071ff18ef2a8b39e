package dev.postern.mapdump;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.ShortList;
import dev.postern.plan.Plan;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import java.util.List;

/** The policies to look at where a limit is met: turns a plan into words at the end of a refusal. */
public final class PoliciesAtLimit {

  private static final int SHOWN = 5;

  private PoliciesAtLimit() {}

  /** {@code ; it is selected by …}: the policies that apply to a class. */
  public static String selecting(Plan plan, int classNumber) {
    return "; it is selected by "
        + list(plan.cluster().policies().stream()
            .filter(policy -> plan.targets(policy).contains(classNumber))
            .toList());
  }

  /** The policies that name networks, some of them, or nothing if none does. */
  public static String networks(Cluster cluster) {
    List<Policy> some =
        cluster.policies().stream().filter(PoliciesAtLimit::namesNetworks).toList();
    return some.isEmpty() ? "" : " (networks are named by " + list(some) + ")";
  }

  /** Policies in words; of many the first ones. */
  public static String list(List<Policy> policies) {
    return policies.stream().collect(ShortList.ofFirst(SHOWN));
  }

  private static boolean namesNetworks(Policy policy) {
    return policy.rules().stream()
        .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf some
            && some.peers().stream()
                .anyMatch(peer -> peer instanceof Peer.IpBlock || peer instanceof Peer.Networks));
  }
}
