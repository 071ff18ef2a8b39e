package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What rules with names of ports may mean at a pod whose ports are not known: a name may stand for any port or for none. Where allow rules
 * take their names for every port and deny rules for none, no reading lets more pass; the other way round none lets less pass. What passes
 * to a lower tier is taken both ways on each side.
 */
final class NamedPortReadings {

  private NamedPortReadings() {}

  /** The names of ports that rules use, in order. */
  static List<String> names(Cluster cluster) {
    Set<String> names = new TreeSet<>();
    for (Policy policy : cluster.policies()) {
      for (Direction direction : Direction.values()) {
        policy
            .rules(direction)
            .forEach(rule -> matches(rule).forEach(match -> {
              if (match instanceof Ports.Named named) {
                names.add(named.name());
              }
            }));
      }
    }
    return List.copyOf(names);
  }

  /** The cluster under the readings between which all others lie. */
  static List<Cluster> extremes(Cluster cluster) {
    List<Cluster> extremes = new ArrayList<>();
    for (Action decisive : List.of(Action.ALLOW, Action.DENY)) {
      for (boolean in : new boolean[] {false, true}) {
        for (boolean out : new boolean[] {false, true}) {
          extremes.add(cluster.withPolicies(cluster.policies().stream()
              .map(policy -> policy
                  .withTypesWritten()
                  .withRules(
                      read(policy.ingress(), whole(decisive, in)),
                      read(policy.egress(), whole(decisive, out))))
              .toList()));
        }
      }
    }
    return extremes;
  }

  private static Set<Action> whole(Action decisive, boolean passing) {
    return passing ? EnumSet.of(decisive, Action.PASS) : EnumSet.of(decisive);
  }

  private static List<PolicyRule> read(List<PolicyRule> rules, Set<Action> whole) {
    return rules.stream().flatMap(rule -> read(rule, whole).stream()).toList();
  }

  /** The rule with its names for every port, or for none, which leaves nothing of a rule of names alone. */
  private static Optional<PolicyRule> read(PolicyRule rule, Set<Action> whole) {
    List<Ports.PortMatch> matches = matches(rule);
    if (matches.stream().noneMatch(Ports.Named.class::isInstance)) {
      return Optional.of(rule);
    }
    List<Ports.PortMatch> read = matches.stream()
        .flatMap(match -> match instanceof Ports.Named named
            ? whole.contains(rule.action()) ? everyPort(named) : Stream.of()
            : Stream.of(match))
        .toList();
    return read.isEmpty()
        ? Optional.empty()
        : Optional.of(new PolicyRule(
            rule.direction(),
            rule.index(),
            rule.name(),
            rule.action(),
            rule.peers(),
            new Ports.AnyOf(read),
            rule.origin()));
  }

  private static Stream<Ports.PortMatch> everyPort(Ports.Named named) {
    return Stream.of(Protocol.values())
        .filter(Protocol::hasPorts)
        .filter(protocol -> named.protocol().map(protocol::equals).orElse(true))
        .map(protocol -> new Ports.Numbered(protocol, PortSet.ALL, Origin.NONE));
  }

  private static List<Ports.PortMatch> matches(PolicyRule rule) {
    return rule.ports() instanceof Ports.AnyOf some ? some.matches() : List.of();
  }
}
