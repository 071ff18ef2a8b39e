package dev.postern.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.anomaly.Finding.Kind;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Findings of redundancy against their definition: take it away and compare every table. None missed, none invented. */
class RedundancyIsExactTest {

  private static final Set<Kind> RULE_DOES_NOTHING =
      EnumSet.of(Kind.REDUNDANT_RULE, Kind.SHADOWED_RULE, Kind.POINTLESS_RULE, Kind.INERT_RULES);

  @Property(tries = 400)
  void aPolicyIsCalledRedundantExactlyIfNothingChangesWithoutIt(@ForAll Cluster cluster) {
    List<Finding> findings = Anomalies.of(Plan.of(cluster));
    for (Policy policy : cluster.policies()) {
      boolean same = Meaning.same(
          cluster, cluster.withPolicies(without(cluster.policies(), policy)), Options.DEFAULT);
      boolean found = findings.stream()
          .anyMatch(f -> f.policy() == policy
              && f.rule().isEmpty()
              && Set.of(
                      Kind.REDUNDANT_POLICY,
                      Kind.REDUNDANT_NOW,
                      Kind.SELECTS_NOTHING,
                      Kind.CONTRADICTORY_SELECTOR)
                  .contains(f.kind()));
      isFound(found, same, cluster, String.valueOf(policy));
    }
  }

  @Property(tries = 400)
  void aRuleIsCalledSuperfluousExactlyIfNothingChangesWithoutIt(@ForAll Cluster cluster) {
    List<Finding> findings = Anomalies.of(Plan.of(cluster));
    for (Policy policy : cluster.policies()) {
      boolean policyFound =
          findings.stream().anyMatch(f -> f.policy() == policy && f.rule().isEmpty());
      for (Direction direction : Direction.values()) {
        for (PolicyRule rule : policy.rules(direction)) {
          boolean same =
              Meaning.same(cluster, replace(cluster, policy, rule, List.of()), Options.DEFAULT);
          boolean found = findings.stream()
              .anyMatch(f -> f.rule().filter(r -> r == rule).isPresent()
                  && RULE_DOES_NOTHING.contains(f.kind()));
          boolean matchesNobody = findings.stream()
              .anyMatch(f -> f.rule().filter(r -> r == rule).isPresent()
                  && (f.kind() == Kind.PEER_MATCHES_NOTHING
                      || f.kind() == Kind.NAMED_PORT_NOWHERE
                      || f.kind() == Kind.CONTRADICTORY_SELECTOR));
          if (found) {
            assertThat(same)
                .as("%s %s is not superfluous", policy, rule.field())
                .isTrue();
          } else if (same && placed(cluster)) {
            // Then the whole policy, or all its peers or ports, do nothing, which is said instead.
            assertThat(policyFound || matchesNobody || noPeers(rule))
                .as("%s %s is superfluous and nobody says so", policy, rule.field())
                .isTrue();
          }
        }
      }
    }
  }

  @Property(tries = 300)
  void anEntryIsCalledRedundantExactlyIfNothingChangesWithoutIt(@ForAll Cluster cluster) {
    Plan plan = Plan.of(cluster);
    List<Finding> findings = Anomalies.of(plan);
    for (Finding finding : findings) {
      if (finding.kind() != Kind.REDUNDANT_PEER && finding.kind() != Kind.REDUNDANT_PORT) {
        continue;
      }
      PolicyRule rule = finding.rule().orElseThrow();
      int index = Integer.parseInt(finding.part().replaceAll("\\D", ""));
      PolicyRule less = less(rule, finding.kind(), index);
      assertThat(Meaning.same(
              cluster, replace(cluster, finding.policy(), rule, List.of(less)), Options.DEFAULT))
          .as("%s %s %s", finding.policy(), rule.field(), finding.part())
          .isTrue();
    }
  }

  @Property(tries = 300)
  void noEntryOfARuleThatMattersIsMissed(@ForAll Cluster cluster) {
    List<Finding> findings = Anomalies.of(Plan.of(cluster));
    for (Policy policy : cluster.policies()) {
      if (findings.stream().anyMatch(f -> f.policy() == policy && f.rule().isEmpty())) {
        continue;
      }
      for (Direction direction : Direction.values()) {
        for (PolicyRule rule : policy.rules(direction)) {
          List<Finding> own = findings.stream()
              .filter(f -> f.rule().filter(r -> r == rule).isPresent())
              .toList();
          if (noPeers(rule)
              || own.stream()
                  .anyMatch(f -> RULE_DOES_NOTHING.contains(f.kind())
                      || f.kind() == Kind.PEER_MATCHES_NOTHING
                      || f.kind() == Kind.NAMED_PORT_NOWHERE
                      || f.kind() == Kind.CONTRADICTORY_SELECTOR)) {
            continue;
          }
          int peers = rule.peers() instanceof Peers.AnyOf any ? any.peers().size() : 0;
          int ports = rule.ports() instanceof Ports.AnyOf any ? any.matches().size() : 0;
          for (int i = 0; peers > 1 && i < peers; i++) {
            missed(cluster, policy, rule, Kind.REDUNDANT_PEER, i, own);
          }
          for (int i = 0; ports > 1 && i < ports; i++) {
            missed(cluster, policy, rule, Kind.REDUNDANT_PORT, i, own);
          }
        }
      }
    }
  }

  private static void missed(
      Cluster cluster, Policy policy, PolicyRule rule, Kind kind, int index, List<Finding> own) {
    boolean same = Meaning.same(
        cluster, replace(cluster, policy, rule, List.of(less(rule, kind, index))), Options.DEFAULT);
    boolean said =
        own.stream().anyMatch(f -> f.kind() == kind && f.part().endsWith("[" + index + "]"));
    isFound(said, same, cluster, "%s %s %s %d".formatted(policy, rule.field(), kind, index));
  }

  /** Where rules ask for pods of unknown place, what does nothing may go unsaid; what is said holds all the same. */
  private static void isFound(boolean found, boolean same, Cluster cluster, String what) {
    if (placed(cluster)) {
      assertThat(found).as(what).isEqualTo(same);
    } else {
      assertThat(found && !same).as(what).isFalse();
    }
  }

  private static boolean placed(Cluster cluster) {
    return Plan.of(cluster).rules().stream().allMatch(rule -> rule.byPlace().isEmpty());
  }

  private static boolean noPeers(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        && any.peers().stream()
            .allMatch(p -> p instanceof Peer.Unknown || p instanceof Peer.DomainNames);
  }

  static PolicyRule less(PolicyRule rule, Kind kind, int index) {
    Peers peers = rule.peers();
    Ports ports = rule.ports();
    if (kind == Kind.REDUNDANT_PEER) {
      List<Peer> rest = new ArrayList<>(((Peers.AnyOf) peers).peers());
      rest.remove(index);
      peers = new Peers.AnyOf(rest);
    } else {
      List<Ports.PortMatch> rest = new ArrayList<>(((Ports.AnyOf) ports).matches());
      rest.remove(index);
      ports = new Ports.AnyOf(rest);
    }
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, rule.origin());
  }

  private static List<Policy> without(List<Policy> policies, Policy gone) {
    return policies.stream().filter(policy -> policy != gone).toList();
  }

  static Cluster replace(Cluster cluster, Policy policy, PolicyRule rule, List<PolicyRule> by) {
    // What a rule does, not what its absence would make of policyTypes.
    Policy changed = policy
        .withTypesWritten()
        .withRules(replace(policy.ingress(), rule, by), replace(policy.egress(), rule, by));
    return cluster.withPolicies(
        cluster.policies().stream().map(p -> p == policy ? changed : p).toList());
  }

  private static List<PolicyRule> replace(
      List<PolicyRule> rules, PolicyRule rule, List<PolicyRule> by) {
    return rules.stream().flatMap(r -> r == rule ? by.stream() : Stream.of(r)).toList();
  }
}
