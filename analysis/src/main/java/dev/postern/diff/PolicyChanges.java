package dev.postern.diff;

import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The policies of which two clusters differ in one direction, by what they say about it: names, places in files and the names of rules do
 * not count, nor does what a policy says about the other direction. Two policies that say the same are one, since each kind of tier is a
 * union within a priority.
 *
 * @param removed policies before that say what none says after
 * @param added policies after that say what none said before
 */
public record PolicyChanges(List<Policy> removed, List<Policy> added) {

  static final PolicyChanges NONE = new PolicyChanges(List.of(), List.of());

  public PolicyChanges {
    removed = List.copyOf(removed);
    added = List.copyOf(added);
  }

  /** What a policy says about one direction. */
  private record Said(
      PolicyKind kind, Tier tier, int priority, Subject subject, List<Clause> clauses) {
    static Said of(Policy policy, Direction direction) {
      List<Clause> clauses = new ArrayList<>();
      for (PolicyRule rule : policy.rules(direction)) {
        clauses.add(new Clause(
            rule.action(), rule.peers().withoutOrigins(), rule.ports().withoutOrigins()));
      }
      return new Said(policy.kind(), policy.tier(), policy.priority(), policy.subject(), clauses);
    }
  }

  private record Clause(Action action, Peers peers, Ports ports) {}

  public static PolicyChanges between(
      List<Policy> before, List<Policy> after, Direction direction) {
    List<Policy> old = unlike(before, after, direction);
    List<Policy> now = unlike(after, before, direction);
    if (old.isEmpty() && now.isEmpty()) {
      return NONE;
    }
    // What is said has a number, so that it is looked at once however long it is.
    Map<Said, Integer> numbers = new HashMap<>();
    int[] saidBefore = said(old, direction, numbers);
    int[] saidAfter = said(now, direction, numbers);
    // What says the same as a policy that is in both as it is does no more than that one.
    return new PolicyChanges(
        saying(old, saidBefore, saidAfter), saying(now, saidAfter, saidBefore));
  }

  private static int[] said(
      List<Policy> policies, Direction direction, Map<Said, Integer> numbers) {
    int[] said = new int[policies.size()];
    for (int i = 0; i < said.length; i++) {
      said[i] = numbers.computeIfAbsent(Said.of(policies.get(i), direction), key -> numbers.size());
    }
    return said;
  }

  /** The policies that say what none of the others says. */
  private static List<Policy> saying(List<Policy> policies, int[] said, int[] others) {
    BitSet known = new BitSet();
    for (int each : others) {
      known.set(each);
    }
    List<Policy> more = new ArrayList<>();
    for (int i = 0; i < said.length; i++) {
      if (!known.get(said[i])) {
        more.add(policies.get(i));
      }
    }
    return more;
  }

  /** The policies with a say in this direction that the others do not hold as the same object. */
  private static List<Policy> unlike(
      List<Policy> policies, List<Policy> others, Direction direction) {
    List<Policy> unlike = lacking(policies, others);
    unlike.removeIf(policy -> !concerns(policy, direction));
    return unlike;
  }

  /** The policies that the others do not hold as the same object; where both begin and end alike, that is quickly seen. */
  static List<Policy> lacking(List<Policy> policies, List<Policy> others) {
    int shorter = Math.min(policies.size(), others.size());
    int start = 0;
    while (start < shorter && policies.get(start) == others.get(start)) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && policies.get(policies.size() - 1 - end) == others.get(others.size() - 1 - end)) {
      end++;
    }
    List<Policy> differ = new ArrayList<>(policies.subList(start, policies.size() - end));
    if (!differ.isEmpty()) {
      Set<Policy> same = Collections.newSetFromMap(new IdentityHashMap<>());
      same.addAll(others.subList(start, others.size() - end));
      differ.removeIf(same::contains);
    }
    return differ;
  }

  /** Whether a policy has a say in a direction at all. */
  public static boolean concerns(Policy policy, Direction direction) {
    return policy.tier() == Tier.NETWORK_POLICY
        ? policy.isolates().contains(direction)
        : !policy.rules(direction).isEmpty();
  }

  /** A policy that says no more than what this one says about a direction. */
  public static Policy only(Policy policy, Direction direction) {
    EnumSet<Direction> isolates = EnumSet.noneOf(Direction.class);
    isolates.addAll(policy.isolates());
    isolates.retainAll(EnumSet.of(direction));
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        policy.priority(),
        policy.subject(),
        isolates,
        direction == Direction.INGRESS ? policy.ingress() : List.of(),
        direction == Direction.EGRESS ? policy.egress() : List.of(),
        policy.origin());
  }

  public boolean isEmpty() {
    return removed.isEmpty() && added.isEmpty();
  }
}
