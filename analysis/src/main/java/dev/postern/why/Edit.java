package dev.postern.why;

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
import java.util.Optional;
import java.util.Set;

/**
 * A change of one place in one policy. Places are those of the policy as it was written, so that edits mean the same in any order.
 *
 * @param step what to do, in words of the manifests
 * @param what kind of change
 * @param policy the policy as it was written, or a new one
 * @param direction the side whose rules change
 * @param index the place among them: of the rule to replace or remove, or before which to insert
 * @param rule the rule to write there; empty for other kinds of change
 */
record Edit(
    String step,
    What what,
    Policy policy,
    Direction direction,
    int index,
    Optional<PolicyRule> rule) {

  /** Of an edit that is about no rule. */
  private static final int NO_PLACE = -1;

  enum What {
    REPLACE,
    INSERT,
    REMOVE,
    /** Writes {@code policyTypes} out where it is left out, so that the rules do not say what is isolated. */
    WRITE_TYPES,
    /** Adds a whole policy. */
    ADD
  }

  /** The same rule with other peers and ports. */
  static PolicyRule with(PolicyRule rule, Peers peers, Ports ports) {
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, rule.origin());
  }

  /** Another rule in the place of one. */
  static Edit replace(String step, Policy policy, PolicyRule rule) {
    return new Edit(step, What.REPLACE, policy, rule.direction(), rule.index(), Optional.of(rule));
  }

  /** One rule more, at its index. */
  static Edit insert(String step, Policy policy, PolicyRule rule) {
    return new Edit(step, What.INSERT, policy, rule.direction(), rule.index(), Optional.of(rule));
  }

  /** One rule less. */
  static Edit remove(String step, Policy policy, PolicyRule rule) {
    return new Edit(step, What.REMOVE, policy, rule.direction(), rule.index(), Optional.empty());
  }

  /** What the policy isolates, written out. */
  static Edit writeTypes(String step, Policy policy, Direction direction) {
    return new Edit(step, What.WRITE_TYPES, policy, direction, NO_PLACE, Optional.empty());
  }

  /** A NetworkPolicy that isolates a workload and allows nothing. */
  static Edit isolate(String step, Workload workload, Direction direction) {
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
    return new Edit(step, What.ADD, policy, direction, 0, Optional.empty());
  }

  /** The rule that it is about, as {@code egress[0] (a.yaml:7:5)}. */
  String place() {
    PolicyRule about = policy.rules(direction).get(index);
    String where = about.origin().toString();
    return about.field() + (where.isEmpty() ? "" : " (" + where + ")");
  }

  /** Whether it changes a rule of this policy, on this side. */
  boolean concerns(Policy other, Direction side) {
    return what != What.ADD && direction == side && isSame(policy, other);
  }

  static boolean isSame(Policy one, Policy other) {
    return one.kind() == other.kind() && one.id().equals(other.id());
  }
}
