package dev.postern.verify.why;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A change of one policy in a cluster. */
@FunctionalInterface
interface Edit {

  /** The cluster with the change made. */
  Cluster on(Cluster cluster);

  /** The same rule with other peers and ports. */
  static PolicyRule with(PolicyRule rule, Peers peers, Ports ports) {
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, rule.origin());
  }

  /** Another rule in place of one. */
  static Edit replace(Policy policy, PolicyRule rule, PolicyRule other) {
    return rules(policy, rule.direction(), rules -> {
      List<PolicyRule> edited = new ArrayList<>(rules);
      edited.set(rule.index(), other);
      return edited;
    });
  }

  /** One rule more, at its index. */
  static Edit insert(Policy policy, PolicyRule rule) {
    return rules(policy, rule.direction(), rules -> {
      List<PolicyRule> edited = new ArrayList<>(rules);
      edited.add(rule.index(), rule);
      return edited;
    });
  }

  /** One rule less. */
  static Edit remove(Policy policy, PolicyRule rule) {
    return rules(policy, rule.direction(), rules -> {
      List<PolicyRule> edited = new ArrayList<>(rules);
      edited.remove(rule.index());
      return edited;
    });
  }

  /** A NetworkPolicy that isolates a workload and allows nothing. */
  static Edit isolate(Workload workload, Direction direction) {
    List<Requirement> labels = new ArrayList<>();
    workload.labels().forEach((key, value) -> labels.add(Requirement.equal(key, value)));
    Policy policy = new Policy(
        PolicyKind.NETWORK_POLICY,
        workload.namespace(),
        "isolate-" + workload.name(),
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named(workload.namespace()), new Selector(labels)),
        Set.of(direction),
        List.of(),
        List.of(),
        Origin.NONE);
    return cluster -> {
      List<Policy> policies = new ArrayList<>(cluster.policies());
      policies.add(policy);
      return cluster.withPolicies(policies);
    };
  }

  private static Edit rules(
      Policy policy, Direction direction, UnaryOperator<List<PolicyRule>> change) {
    return cluster -> cluster.withPolicies(cluster.policies().stream()
        .map(each -> isSame(each, policy) ? edited(each, direction, change) : each)
        .toList());
  }

  private static boolean isSame(Policy one, Policy other) {
    return one.kind() == other.kind() && one.id().equals(other.id());
  }

  private static Policy edited(
      Policy policy, Direction direction, UnaryOperator<List<PolicyRule>> change) {
    List<PolicyRule> rules = new ArrayList<>();
    for (PolicyRule rule : change.apply(policy.rules(direction))) {
      rules.add(new PolicyRule(
          rule.direction(),
          rules.size(),
          rule.name(),
          rule.action(),
          rule.peers(),
          rule.ports(),
          rule.origin()));
    }
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        policy.priority(),
        policy.subject(),
        policy.isolates(),
        direction == Direction.INGRESS ? rules : policy.ingress(),
        direction == Direction.EGRESS ? rules : policy.egress(),
        policy.origin());
  }
}
