package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Edits that are made together; in any order they are the same.
 *
 * @param all each once
 */
record Edits(Set<Edit> all) {

  static final Edits NONE = new Edits(Set.of());

  Edits {
    all = new LinkedHashSet<>(all);
  }

  Edits and(Edit edit) {
    Set<Edit> more = new LinkedHashSet<>(all);
    more.add(edit);
    return new Edits(more);
  }

  Edits without(Edit edit) {
    Set<Edit> less = new LinkedHashSet<>(all);
    less.remove(edit);
    return new Edits(less);
  }

  /** Whether a rule is changed already, in the place where it was written. */
  boolean changes(Policy policy, PolicyRule rule) {
    return all.stream()
        .anyMatch(edit -> edit.what() != Edit.What.INSERT
            && edit.concerns(policy, rule.direction())
            && edit.index() == rule.index());
  }

  /** The cluster with all of them made. */
  Cluster on(Cluster cluster) {
    List<Policy> policies = new ArrayList<>();
    for (Policy policy : cluster.policies()) {
      policies.add(on(policy));
    }
    for (Edit edit : all) {
      if (edit.what() == Edit.What.ADD) {
        policies.add(edit.policy());
      }
    }
    return cluster.withPolicies(policies);
  }

  private Policy on(Policy policy) {
    if (all.stream()
        .noneMatch(edit ->
            edit.concerns(policy, Direction.INGRESS) || edit.concerns(policy, Direction.EGRESS))) {
      return policy;
    }
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        policy.priority(),
        policy.subject(),
        policy.isolates(),
        rules(policy, Direction.INGRESS),
        rules(policy, Direction.EGRESS),
        policy.origin());
  }

  private List<PolicyRule> rules(Policy policy, Direction direction) {
    List<PolicyRule> rules = new ArrayList<>();
    for (Place place : places(policy, direction)) {
      PolicyRule rule = place.rule;
      rules.add(new PolicyRule(
          rule.direction(),
          rules.size(),
          rule.name(),
          rule.action(),
          rule.peers(),
          rule.ports(),
          rule.origin()));
    }
    return rules;
  }

  /** A rule with the rule that was written, if one was. */
  private record Place(PolicyRule rule, Optional<PolicyRule> written) {}

  private List<Place> places(Policy policy, Direction direction) {
    List<PolicyRule> written = policy.rules(direction);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i <= written.size(); i++) {
      Optional<Edit> own = Optional.empty();
      for (Edit edit : all) {
        if (edit.concerns(policy, direction) && edit.index() == i) {
          if (edit.what() == Edit.What.INSERT) {
            places.add(new Place(edit.rule().orElseThrow(), Optional.empty()));
          } else {
            own = Optional.of(edit);
          }
        }
      }
      if (i < written.size()) {
        Optional<PolicyRule> here = Optional.of(written.get(i));
        if (own.isEmpty()) {
          places.add(new Place(written.get(i), here));
        } else {
          own.get().rule().ifPresent(rule -> places.add(new Place(rule, here)));
        }
      }
    }
    return places;
  }

  /** The rule as it was written that stands at a place of the edited policy; empty for one that an edit wrote. */
  Optional<PolicyRule> written(Policy policy, Direction direction, int index) {
    return places(policy, direction).get(index).written();
  }
}
