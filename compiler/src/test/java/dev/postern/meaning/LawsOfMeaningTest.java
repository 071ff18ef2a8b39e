package dev.postern.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What must hold of any definition, whatever it says of single flows: policies that are written differently and say the same have the same
 * verdicts, and NetworkPolicies only ever add to what isolated pods are allowed.
 */
class LawsOfMeaningTest {

  @Property(tries = 1000)
  void anotherWayToWriteItIsTheSameMeaning(
      @ForAll Cluster cluster, @ForAll Rewrite rewrite, @ForAll Random random) {
    Reference written = new Reference(cluster, Options.DEFAULT);
    Reference rewritten = new Reference(rewrite.of(cluster), Options.DEFAULT);
    for (Flow flow : RandomFlows.of(cluster, random, 40)) {
      Judgement before = written.judge(flow);
      Judgement after = rewritten.judge(flow);
      assertThat(after.egress().verdict())
          .as("egress of %s", flow)
          .isEqualTo(before.egress().verdict());
      assertThat(after.ingress().verdict())
          .as("ingress of %s", flow)
          .isEqualTo(before.ingress().verdict());
    }
  }

  @Property(tries = 500)
  void everyRewriteDoesRewriteSomething(@ForAll Rewrite rewrite) {
    assertThat(LongStream.range(0, 50).mapToObj(seed -> RandomCluster.of(seed, Profile.EVERYTHING)))
        .anyMatch(cluster -> !rewrite.of(cluster).equals(cluster));
  }

  @Property(tries = 500)
  void aRuleMoreAllowsNoLess(@ForAll long seed, @ForAll Random random) {
    Cluster cluster = RandomCluster.of(
        seed, Profile.EVERYTHING.only(PolicyKind.NETWORK_POLICY).with(ClusterFeature.UNWRITABLE));
    Cluster fewer = cluster.withPolicies(
        cluster.policies().stream().map(policy -> without(policy, random)).toList());
    Reference all = new Reference(cluster, Options.DEFAULT);
    Reference some = new Reference(fewer, Options.DEFAULT);
    for (Flow flow : RandomFlows.of(cluster, random, 40)) {
      if (some.judge(flow).verdict() == FlowVerdict.ALLOWED) {
        assertThat(all.judge(flow).verdict()).as("%s", flow).isEqualTo(FlowVerdict.ALLOWED);
      }
    }
  }

  /** The policy with half of its rules, and isolating the same. */
  private static Policy without(Policy policy, Random random) {
    return new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        policy.priority(),
        policy.subject(),
        policy.isolates(),
        half(policy.ingress(), random),
        half(policy.egress(), random),
        policy.origin());
  }

  private static List<PolicyRule> half(List<PolicyRule> rules, Random random) {
    return rules.stream().filter(rule -> random.nextBoolean()).toList();
  }

  @Property(tries = 500)
  void aPolicyMoreTakesNothingFromPodsThatAreIsolatedAlready(
      @ForAll long seed, @ForAll Random random) {
    Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING.only(PolicyKind.NETWORK_POLICY));
    if (cluster.policies().isEmpty()) {
      return;
    }
    List<Policy> fewer = new ArrayList<>(cluster.policies());
    Policy added = fewer.remove(random.nextInt(fewer.size()));
    Reference before = new Reference(cluster.withPolicies(fewer), Options.DEFAULT);
    Reference after = new Reference(cluster, Options.DEFAULT);
    for (Flow flow : RandomFlows.of(cluster, random, 40)) {
      Judgement was = before.judge(flow);
      Judgement is = after.judge(flow);
      Set<Direction> newlyIsolated = EnumSet.noneOf(Direction.class);
      for (Decision side : List.of(was.egress(), was.ingress())) {
        if (side.tier().isEmpty() && added.isolates().contains(side.direction())) {
          newlyIsolated.add(side.direction());
        }
      }
      if (was.verdict() == FlowVerdict.ALLOWED && newlyIsolated.isEmpty()) {
        assertThat(is.verdict()).as("%s", flow).isEqualTo(FlowVerdict.ALLOWED);
      }
    }
  }
}
