package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    Set<String> edited = all.stream().map(edit -> edit.policy().name()).collect(Collectors.toSet());
    List<Policy> policies = new ArrayList<>(cluster.policies().size() + 1);
    for (Policy policy : cluster.policies()) {
      policies.add(edited.contains(policy.name()) ? on(policy) : policy);
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
    Policy same = writesTypes(policy) ? policy.withTypesWritten() : policy;
    return same.withRules(rules(policy, Direction.INGRESS), rules(policy, Direction.EGRESS));
  }

  /** Whether the API server takes the edited policies: lists of admin policies end, and they have names of ports beside selectors of pods only. */
  boolean isAccepted() {
    return all.stream()
        .filter(edit -> edit.what() == Edit.What.REPLACE || edit.what() == Edit.What.INSERT)
        .map(Edit::policy)
        .map(this::on)
        .allMatch(Edits::isAccepted);
  }

  private static boolean isAccepted(Policy policy) {
    int most = policy.kind().mostEntries();
    return Stream.of(Direction.values())
        .map(policy::rules)
        .allMatch(rules -> rules.size() <= most
            && rules.stream().allMatch(rule -> isAccepted(policy.kind(), rule, most)));
  }

  private static boolean isAccepted(PolicyKind kind, PolicyRule rule, int most) {
    List<Peer> peers = rule.peers() instanceof Peers.AnyOf any ? any.peers() : List.of();
    List<Ports.PortMatch> ports =
        rule.ports() instanceof Ports.AnyOf any ? any.matches() : List.of();
    boolean named = ports.stream().anyMatch(Ports.Named.class::isInstance);
    boolean addresses = peers.stream()
        .anyMatch(peer -> peer instanceof Peer.Networks || peer instanceof Peer.Nodes);
    return peers.size() <= most
        && ports.size() <= most
        && (kind == PolicyKind.NETWORK_POLICY || !named || !addresses);
  }

  private boolean writesTypes(Policy policy) {
    return all.stream()
        .anyMatch(
            edit -> edit.what() == Edit.What.WRITE_TYPES && Edit.isSame(edit.policy(), policy));
  }

  /** The policies, as they were written, that isolated a side and would not any more, since their rules say it. */
  List<Policy> endingIsolation(Cluster written, Direction direction) {
    return written.policies().stream()
        .filter(policy ->
            policy.isolates().contains(direction) && !on(policy).isolates().contains(direction))
        .toList();
  }

  /** What to do, in words; what has to be done to one policy in an order is one step. */
  List<String> steps() {
    List<String> steps = new ArrayList<>();
    for (Edit edit : all) {
      if (edit.what() == Edit.What.WRITE_TYPES) {
        List<String> rules = all.stream()
            .filter(other ->
                other.what() == Edit.What.REMOVE && Edit.isSame(other.policy(), edit.policy()))
            .map(Edit::place)
            .toList();
        steps.add(edit.step() + ", and only then remove its " + String.join(" and ", rules));
      } else if (edit.what() != Edit.What.REMOVE || !writesTypes(edit.policy())) {
        steps.add(edit.step());
      }
    }
    return steps;
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
