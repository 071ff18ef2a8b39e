package dev.postern.anomaly;

import dev.postern.cluster.Cluster;
import dev.postern.net.AddressSet;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.plan.Table;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether something that does nothing for all whose place is known does nothing for pods of unknown address or node either: it is taken
 * away, and the tables of the pods that it is about are compared. Where no rule asks where such pods are, and none matches them by several blocks together, there is
 * nothing to compare.
 */
final class UnplacedPeers {

  private final Plan plan;
  private final boolean matter;

  UnplacedPeers(Plan plan) {
    this.plan = plan;
    this.matter = plan.rules().stream().anyMatch(rule -> !rule.byPlace().isEmpty())
        || (holdsPodsWithoutAddress(plan.cluster())
            && plan.rules().stream().anyMatch(rule -> matchesTogether(rule.rule())));
  }

  private static boolean holdsPodsWithoutAddress(Cluster cluster) {
    return cluster.workloads().stream()
        .anyMatch(workload -> workload.pods().isEmpty()
            || workload.pods().stream().anyMatch(pod -> pod.addresses().isEmpty()));
  }

  /** Whether blocks of several peers leave out no address together. */
  private static boolean matchesTogether(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        && any.peers().stream()
                .filter(peer -> peer instanceof Peer.IpBlock || peer instanceof Peer.Networks)
                .limit(2)
                .count()
            == 2
        && rule.blocks().containsAll(AddressSet.ALL);
  }

  /** Whether nothing changes without a policy. */
  boolean sameWithout(Policy policy) {
    return !matter
        || same(
            policy,
            plan.cluster()
                .withPolicies(plan.cluster().policies().stream()
                    .filter(each -> each != policy)
                    .toList()));
  }

  /** Whether nothing changes without a rule. */
  boolean sameWithout(PlanRule rule) {
    return !matter || sameWith(rule, List.of());
  }

  /** Whether nothing changes without one of a rule's several peers. */
  boolean sameWithoutPeer(PlanRule rule, int index) {
    if (!matter) {
      return true;
    }
    List<Peer> rest = new ArrayList<>(((Peers.AnyOf) rule.rule().peers()).peers());
    rest.remove(index);
    return sameWith(
        rule, List.of(with(rule.rule(), new Peers.AnyOf(rest), rule.rule().ports())));
  }

  /** Whether nothing changes without one of a rule's several ports. */
  boolean sameWithoutPort(PlanRule rule, int index) {
    if (!matter) {
      return true;
    }
    List<Ports.PortMatch> rest = new ArrayList<>(((Ports.AnyOf) rule.rule().ports()).matches());
    rest.remove(index);
    return sameWith(rule, List.of(with(rule.rule(), rule.rule().peers(), new Ports.AnyOf(rest))));
  }

  private static PolicyRule with(PolicyRule rule, Peers peers, Ports ports) {
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, rule.origin());
  }

  private boolean sameWith(PlanRule rule, List<PolicyRule> instead) {
    Policy policy = rule.policy();
    // What the rule does, not what its absence would make of policyTypes.
    Policy changed = policy
        .withTypesWritten()
        .withRules(
            replaced(policy.ingress(), rule.rule(), instead),
            replaced(policy.egress(), rule.rule(), instead));
    return same(
        policy,
        plan.cluster()
            .withPolicies(plan.cluster().policies().stream()
                .map(each -> each == policy ? changed : each)
                .toList()));
  }

  private static List<PolicyRule> replaced(
      List<PolicyRule> rules, PolicyRule gone, List<PolicyRule> instead) {
    return rules.stream()
        .flatMap(rule -> rule == gone ? instead.stream() : Stream.of(rule))
        .toList();
  }

  /** Whether the pods that a policy selects are let in and out as before; no others are decided about by it. */
  private boolean same(Policy policy, Cluster changed) {
    Plan after = plan.after(changed);
    // A plan with classes of its own can be compared with one of the same classes only.
    List<Plan> both = after.classes() == plan.classes()
        ? List.of(plan, after)
        : Plan.ofEach(List.of(plan.cluster(), changed), plan.options());
    Plan was = both.get(0);
    Plan is = both.get(1);
    return was.targets(policy).stream()
        .allMatch(number -> Arrays.stream(Direction.values())
            .allMatch(
                direction -> same(was.table(number, direction), is.table(number, direction))));
  }

  private static boolean same(Table was, Table is) {
    return was.allowed().equals(is.allowed()) && was.possible().equals(is.possible());
  }
}
