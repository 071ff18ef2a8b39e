package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the policies of a subject, under names that no other policy has. */
final class PolicyMaker {

  /** What follows a workload's name where a policy has that name already. */
  private static final String SUFFIX = "-seen";

  private final RuleMaker rules;
  private final Set<String> taken = new HashSet<>();

  PolicyMaker(Cluster cluster, SuggestionOptions options, RuleMaker rules) {
    this.rules = rules;
    cluster.policies().stream()
        .filter(policy -> policy.kind() == options.kind())
        .forEach(policy -> taken.add(policy.id()));
  }

  /**
   * Policies that isolate a subject and allow these calls.
   *
   * @param calls by each direction in which to isolate it
   */
  List<SuggestedPolicy> policies(SubjectPods subject, Map<Direction, List<Call>> calls) {
    List<SuggestedRule> all = new ArrayList<>();
    calls.forEach((direction, some) -> all.addAll(rules.rules(subject, direction, some)));
    Policy policy = new Policy(
        PolicyKind.NETWORK_POLICY,
        subject.namespace(),
        name(subject),
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named(subject.namespace()), subject.selector()),
        calls.keySet(),
        of(all, Direction.INGRESS),
        of(all, Direction.EGRESS),
        Origin.NONE);
    return List.of(new SuggestedPolicy(policy, subject, all));
  }

  private static List<PolicyRule> of(List<SuggestedRule> rules, Direction direction) {
    return rules.stream()
        .map(SuggestedRule::rule)
        .filter(rule -> rule.direction() == direction)
        .toList();
  }

  private String name(SubjectPods subject) {
    String base = subject.selector().isEverything() && subject.meant().size() > 1
        ? subject.namespace()
        : SeenNames.ofPolicy(subject.meant());
    String name = base;
    for (int number = 1; !taken.add(subject.namespace() + "/" + name); number++) {
      name = base + SUFFIX + (number == 1 ? "" : "-" + number);
    }
    return name;
  }
}
