package dev.postern.tier;

import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the policies of all tiers let pass on one side of a flow, as a condition: Admin, then NetworkPolicies, then Baseline
 * (network-policy-api, "The API"; networking.k8s.io/v1, "isolation").
 *
 * @param algebra what conditions are combined by
 * @param about what the policies say, one by one
 * @param <T> a condition on flows
 */
public record TierEvaluation<T>(BooleanAlgebra<T> algebra, Statements<T> about) {

  /** What one policy or rule says of the flow. */
  public interface Statements<T> {

    /** That a policy selects the subject. */
    T selects(Policy policy);

    /** That a rule is about the flow of a subject that its policy selects. */
    T matches(Policy policy, PolicyRule rule);

    /** That what a policy denies counts; always, unless it is asked which policies deny. What it allows counts in any case. */
    T denies(Policy policy);
  }

  /** What passes under these policies. */
  public T passes(List<Policy> policies, Direction direction) {
    T below = ordered(policies, Tier.BASELINE, direction, algebra.yes());
    T middle = networkPolicies(policies, direction, below);
    return ordered(policies, Tier.ADMIN, direction, middle);
  }

  /** NetworkPolicies add; who is isolated by one gets no further than what they allow. */
  private T networkPolicies(List<Policy> policies, Direction direction, T below) {
    List<T> isolated = new ArrayList<>();
    List<T> allowed = new ArrayList<>();
    for (Policy policy : policies) {
      if (policy.tier() != Tier.NETWORK_POLICY || !policy.isolates().contains(direction)) {
        continue;
      }
      T selects = about.selects(policy);
      if (selects.equals(algebra.no())) {
        continue;
      }
      isolated.add(algebra.and(selects, about.denies(policy)));
      for (PolicyRule rule : policy.rules(direction)) {
        allowed.add(algebra.and(selects, about.matches(policy, rule)));
      }
    }
    // A policy that allows also isolates, so what is allowed need not ask who isolates.
    return algebra.or(algebra.any(allowed), algebra.and(algebra.not(algebra.any(isolated)), below));
  }

  /** From the last priority to the first: what one leaves open, the rest decides. */
  private T ordered(List<Policy> policies, Tier tier, Direction direction, T below) {
    SortedMap<Integer, List<Policy>> byPriority = new TreeMap<>(Comparator.reverseOrder());
    for (Policy policy : policies) {
      if (policy.tier() == tier) {
        byPriority
            .computeIfAbsent(policy.priority(), priority -> new ArrayList<>())
            .add(policy);
      }
    }
    T rest = below;
    for (List<Policy> equals : byPriority.values()) {
      EqualPriority<T> together = new EqualPriority<>(algebra);
      for (Policy policy : equals) {
        T selects = about.selects(policy);
        if (!selects.equals(algebra.no())) {
          together.nextPolicy();
          for (PolicyRule rule : policy.rules(direction)) {
            add(policy, rule, selects, together);
          }
        }
      }
      rest = together.then(rest, below);
    }
    return rest;
  }

  private void add(Policy policy, PolicyRule rule, T selects, EqualPriority<T> together) {
    T matches = algebra.and(selects, about.matches(policy, rule));
    Action action = action(rule);
    together.rule(action, matches, action == Action.DENY ? about.denies(policy) : algebra.yes());
  }

  /** What a rule does. One that passes peers which are not understood denies: nobody knows whom the author wanted to pass. */
  private static Action action(PolicyRule rule) {
    return rule.action() == Action.PASS && rule.hasUnknownPeer() ? Action.DENY : rule.action();
  }
}
