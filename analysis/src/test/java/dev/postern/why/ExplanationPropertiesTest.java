package dev.postern.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Decision;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** The words of an explanation against the definition: what they say does not match must not match, and the other way round. */
class ExplanationPropertiesTest {

  private static final AtomicLong DENIED = new AtomicLong();
  private static final AtomicLong CHANGED = new AtomicLong();

  @AfterContainer
  static void mostDenialsHaveAChange() {
    System.out.println("denials explained: " + DENIED + ", with a change that allows: " + CHANGED);
    assertThat(CHANGED.get()).isGreaterThan(DENIED.get() * 9 / 10);
  }

  static List<Flow> flows(Cluster cluster, Random random, int count) {
    Probes probes = Probes.of(cluster, random);
    List<End> ends = new ArrayList<>();
    for (Workload workload : cluster.workloads()) {
      if (workload.pods().isEmpty()) {
        ends.add(End.InPod.template(workload));
      }
      for (Pod pod : workload.pods()) {
        for (Address address : pod.addresses()) {
          ends.add(new End.InPod(workload, Optional.of(pod), Optional.of(address)));
        }
      }
    }
    probes.outside(cluster).stream().limit(10).forEach(a -> ends.add(new End.Outside(a)));
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < count && !ends.isEmpty(); i++) {
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      flows.add(new Flow(
          ends.get(random.nextInt(ends.size())),
          ends.get(random.nextInt(ends.size())),
          protocol,
          protocol.hasPorts() ? probes.port(random) : 0));
    }
    return flows;
  }

  /** One rule in one NetworkPolicy: the definition denies exactly what the words find a mismatch for. */
  @Property(tries = 500)
  void wordsFindAMismatchExactlyWhereTheDefinitionDoes(
      @ForAll Cluster cluster, @ForAll Random random) {
    for (Flow flow : flows(cluster, random, 10)) {
      for (Policy policy : cluster.policies()) {
        for (Direction direction : Direction.values()) {
          RuleWords words = new RuleWords(cluster, Options.DEFAULT, flow);
          if (words.notSelected(policy, direction).isPresent()
              || policy.kind() != PolicyKind.NETWORK_POLICY
              || !policy.isolates().contains(direction)) {
            continue;
          }
          for (PolicyRule rule : policy.rules(direction)) {
            Cluster alone = cluster.withPolicies(List.of(new Policy(
                policy.kind(),
                policy.namespace(),
                policy.name(),
                Tier.NETWORK_POLICY,
                0,
                policy.subject(),
                Set.of(direction),
                direction == Direction.INGRESS ? List.of(rule) : List.of(),
                direction == Direction.EGRESS ? List.of(rule) : List.of(),
                policy.origin())));
            Judgement judgement = new Reference(alone, Options.DEFAULT).judge(flow);
            if (judgement.exemption() != Judgement.Exemption.NONE) {
              continue;
            }
            Decision decision =
                direction == Direction.INGRESS ? judgement.ingress() : judgement.egress();
            assertThat(words.miss(policy, rule).isPresent())
                .as("%s %s of %s", rule, flow, words.miss(policy, rule))
                .isEqualTo(decision.verdict() == FlowVerdict.DENIED);
          }
        }
      }
    }
  }

  @Property(tries = 500)
  void everyDenialNamesWhoDeniesAndAChangeThatWorks(
      @ForAll Cluster cluster, @ForAll Random random) {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (Flow flow : flows(cluster, random, 20)) {
      Judgement judgement = reference.judge(flow);
      Explanation explanation = Explanation.of(judgement, cluster, Options.DEFAULT);
      if (judgement.verdict() == FlowVerdict.DENIED) {
        DENIED.incrementAndGet();
        assertThat(explanation.egress().denies() || explanation.ingress().denies())
            .isTrue();
      }
      explanation.change().ifPresent(change -> {
        assertThat(new Reference(change.after(), Options.DEFAULT).judge(flow).verdict())
            .isEqualTo(change.verdict())
            .isNotEqualTo(judgement.verdict());
        if (judgement.verdict() == FlowVerdict.DENIED) {
          CHANGED.incrementAndGet();
        }
      });
    }
  }

  @Property(tries = 300)
  void aCandidateIsAlwaysARuleThatAllows(@ForAll Cluster cluster, @ForAll Random random) {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (Flow flow : flows(cluster, random, 10)) {
      Explanation explanation = Explanation.of(reference.judge(flow), cluster, Options.DEFAULT);
      for (Side side : List.of(explanation.egress(), explanation.ingress())) {
        assertThat(side.candidates()).allMatch(c -> c.rule().action() == Action.ALLOW);
      }
    }
  }
}
