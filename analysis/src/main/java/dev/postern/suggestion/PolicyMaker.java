package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the policies of a subject, under names that no other policy has. A ClusterNetworkPolicy is of tier Baseline, so that NetworkPolicies
 * go before it, and what accepts goes before what denies.
 */
final class PolicyMaker {

  /** How many rules, peers, ports and networks a list of a ClusterNetworkPolicy holds (its API, v1alpha2). */
  static final int MOST = 25;

  /** What follows a workload's name where a policy has that name already. */
  private static final String SUFFIX = "-seen";

  /** The last priority, so that what denies a whole namespace comes after all others. */
  private static final int LAST = 1000;

  private static final String DEFAULT_DENY = "default-deny";

  private final SuggestionOptions options;
  private final RuleMaker rules;
  private final boolean disjoint;
  private final Set<String> taken = new HashSet<>();

  /**
   * A maker of policies.
   *
   * @param disjoint whether no pod is selected as two subjects
   */
  PolicyMaker(Cluster cluster, SuggestionOptions options, RuleMaker rules, boolean disjoint) {
    this.options = options;
    this.rules = rules;
    this.disjoint = disjoint;
    cluster.policies().stream()
        .filter(policy -> policy.kind() == options.kind())
        .forEach(policy -> taken.add(policy.id()));
  }

  /**
   * Policies that isolate a subject and allow these calls.
   *
   * @param calls by each direction in which to isolate it
   * @param anew the directions in which nothing isolated it before
   */
  List<SuggestedPolicy> policies(
      SubjectPods subject, Map<Direction, List<Call>> calls, Set<Direction> anew) {
    Map<Direction, List<SuggestedRule>> all = new EnumMap<>(Direction.class);
    calls.forEach((direction, some) ->
        all.put(direction, rules.rules(subject, direction, some, anew.contains(direction))));
    return options.kind() == PolicyKind.NETWORK_POLICY
        ? List.of(policy(subject, all, calls.keySet(), 0))
        : ordered(subject, all);
  }

  /** A policy that denies all pods of a namespace what no other allows. */
  SuggestedPolicy defaultDeny(SubjectPods namespace, Set<Direction> directions) {
    if (options.kind() == PolicyKind.NETWORK_POLICY) {
      return policy(namespace, DEFAULT_DENY, Map.of(), directions, 0);
    }
    Map<Direction, List<SuggestedRule>> denies = new EnumMap<>(Direction.class);
    directions.forEach(
        direction -> denies.put(direction, List.of(rules.rest(namespace, direction, 0))));
    return policy(namespace, namespace.namespace() + "-" + DEFAULT_DENY, denies, Set.of(), LAST);
  }

  private List<SuggestedPolicy> ordered(
      SubjectPods subject, Map<Direction, List<SuggestedRule>> all) {
    Map<Direction, List<SuggestedRule>> accepts = new EnumMap<>(Direction.class);
    Map<Direction, List<SuggestedRule>> denies = new EnumMap<>(Direction.class);
    Map<Direction, List<SuggestedRule>> both = new EnumMap<>(Direction.class);
    all.forEach((direction, some) -> {
      List<SuggestedRule> within =
          some.stream().flatMap(rule -> parts(rule).stream()).toList();
      List<SuggestedRule> together = new ArrayList<>(within);
      SuggestedRule rest = rules.rest(subject, direction, 0);
      together.add(rest);
      accepts.put(direction, within);
      denies.put(direction, List.of(rest));
      both.put(direction, together);
    });
    if (disjoint && both.values().stream().allMatch(list -> list.size() <= MOST)) {
      return List.of(policy(subject, both, Set.of(), options.priority()));
    }
    List<SuggestedPolicy> policies = new ArrayList<>();
    for (int from = 0; ; from += MOST) {
      Map<Direction, List<SuggestedRule>> some = new EnumMap<>(Direction.class);
      for (Map.Entry<Direction, List<SuggestedRule>> entry : accepts.entrySet()) {
        List<SuggestedRule> list = entry.getValue();
        if (from < list.size()) {
          some.put(entry.getKey(), list.subList(from, Math.min(list.size(), from + MOST)));
        }
      }
      if (some.isEmpty()) {
        break;
      }
      policies.add(policy(subject, some, Set.of(), options.priority()));
    }
    policies.add(policy(subject, denies, Set.of(), options.priority() + 1));
    return policies;
  }

  /** A rule in as many as its lists need. */
  private static List<SuggestedRule> parts(SuggestedRule whole) {
    List<Peer> peers = ((Peers.AnyOf) whole.rule().peers()).peers();
    List<Ports.PortMatch> ports = ((Ports.AnyOf) whole.rule().ports()).matches();
    List<SuggestedRule> parts = new ArrayList<>();
    for (int i = 0; i < peers.size(); i += MOST) {
      for (int j = 0; j < ports.size(); j += MOST) {
        PolicyRule rule = new PolicyRule(
            whole.rule().direction(),
            0,
            "",
            whole.rule().action(),
            new Peers.AnyOf(peers.subList(i, Math.min(peers.size(), i + MOST))),
            new Ports.AnyOf(ports.subList(j, Math.min(ports.size(), j + MOST))),
            Origin.NONE);
        parts.add(
            parts.isEmpty()
                ? new SuggestedRule(
                    rule, whole.purpose(), whole.seen(), whole.blocks(), whole.others())
                : new SuggestedRule(rule, whole.purpose(), List.of(), List.of(), List.of()));
      }
    }
    return parts;
  }

  private SuggestedPolicy policy(
      SubjectPods subject,
      Map<Direction, List<SuggestedRule>> rules,
      Set<Direction> isolates,
      int priority) {
    return policy(subject, base(subject), rules, isolates, priority);
  }

  private SuggestedPolicy policy(
      SubjectPods subject,
      String base,
      Map<Direction, List<SuggestedRule>> rules,
      Set<Direction> isolates,
      int priority) {
    boolean namespaced = options.kind().namespaced();
    List<SuggestedRule> all = new ArrayList<>();
    rules.forEach((direction, some) -> {
      for (int i = 0; i < some.size(); i++) {
        all.add(some.get(i).at(i));
      }
    });
    NamespaceSelection namespaces = namespaced
        ? new NamespaceSelection.Named(subject.namespace())
        : new NamespaceSelection.Matching(
            Selector.equal(Namespace.NAME_LABEL, subject.namespace()));
    Policy policy = new Policy(
        options.kind(),
        namespaced ? subject.namespace() : "",
        name(subject, base),
        namespaced ? Tier.NETWORK_POLICY : Tier.BASELINE,
        priority,
        new Subject(namespaces, subject.selector()),
        isolates,
        of(all, Direction.INGRESS),
        of(all, Direction.EGRESS),
        Origin.NONE);
    return new SuggestedPolicy(policy, subject, all);
  }

  private static List<PolicyRule> of(List<SuggestedRule> rules, Direction direction) {
    return rules.stream()
        .map(SuggestedRule::rule)
        .filter(rule -> rule.direction() == direction)
        .toList();
  }

  private String base(SubjectPods subject) {
    boolean whole = subject.selector().isEverything() && subject.meant().size() > 1;
    String own = whole ? subject.namespace() : SeenNames.ofPolicy(subject.meant());
    return options.kind().namespaced() || whole ? own : subject.namespace() + "-" + own;
  }

  private String name(SubjectPods subject, String base) {
    String prefix = options.kind().namespaced() ? subject.namespace() + "/" : "";
    String name = base;
    for (int number = 1; !taken.add(prefix + name); number++) {
      name = base + SUFFIX + (number == 1 ? "" : "-" + number);
    }
    return name;
  }
}
