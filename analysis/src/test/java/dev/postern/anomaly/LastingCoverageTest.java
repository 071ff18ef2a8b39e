package dev.postern.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.anomaly.Finding.Kind;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** What is said to hold whatever pods come, holds when pods come. */
class LastingCoverageTest {

  private static final AtomicInteger LASTING = new AtomicInteger();
  private static final AtomicInteger NOW = new AtomicInteger();

  @AfterContainer
  static void bothWereSeen() {
    System.out.println("lasting " + LASTING + ", now " + NOW);
    assertThat(LASTING).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(NOW).hasValueGreaterThanOrEqualTo(Tries.share(1));
  }

  @Property(tries = 400)
  void whatLastsStaysWhenPodsCome(@ForAll Cluster cluster, @ForAll Cluster others) {
    List<String> namespaces = List.copyOf(cluster.namespaces().keySet());
    List<Workload> more = new ArrayList<>(cluster.workloads());
    for (Workload workload : others.workloads()) {
      if (!namespaces.isEmpty()) {
        more.add(new Workload(
            namespaces.get(more.size() % namespaces.size()),
            "come-" + more.size(),
            workload.kind(),
            workload.labels(),
            workload.ports(),
            workload.hostNetwork(),
            List.of(),
            workload.origin()));
      }
    }
    Cluster grown = cluster.withWorkloads(more);
    for (Finding finding : Anomalies.of(Plan.of(cluster))) {
      (finding.lasting() ? LASTING : NOW).incrementAndGet();
      if (!finding.lasting()) {
        continue;
      }
      Cluster without = grown;
      switch (finding.kind()) {
        case REDUNDANT_POLICY, REDUNDANT_NOW, SELECTS_NOTHING ->
          without = grown.withPolicies(
              grown.policies().stream().filter(p -> p != finding.policy()).toList());
        case REDUNDANT_RULE, SHADOWED_RULE, INERT_RULES ->
          without = without(grown, finding.policy(), finding.rule().orElseThrow());
        case PEER_MATCHES_NOTHING, REDUNDANT_PEER, REDUNDANT_PORT -> {
          int index = Integer.parseInt(finding.part().replaceAll("\\D", ""));
          Kind kind =
              finding.kind() == Kind.REDUNDANT_PORT ? Kind.REDUNDANT_PORT : Kind.REDUNDANT_PEER;
          PolicyRule rule = finding.rule().orElseThrow();
          without = RedundancyIsExactTest.replace(
              grown,
              finding.policy(),
              rule,
              List.of(RedundancyIsExactTest.less(rule, kind, index)));
        }
        default -> assertThat(finding.kind()).isEqualTo(Kind.CONTRADICTORY_SELECTOR);
      }
      assertThat(Meaning.same(grown, without, Options.DEFAULT))
          .as("%s", finding)
          .isTrue();
    }
  }

  private static Cluster without(Cluster cluster, Policy policy, PolicyRule rule) {
    return RedundancyIsExactTest.replace(cluster, policy, rule, List.of());
  }

  /** Containment of selectors against all labels over two keys with the values that they name, one more, and none. */
  @Property(tries = 2000)
  void aSelectorImpliesAnotherExactlyIfNoLabelsTellThemApart(@ForAll Random random) {
    Selector one = selector(random);
    Selector other = selector(random);
    boolean implied = true;
    boolean possible = false;
    List<String> values = List.of("", "a", "b", "c", "other");
    for (String x : values) {
      for (String y : values) {
        Map<String, String> labels = new HashMap<>();
        if (!x.isEmpty()) {
          labels.put("x", x);
        }
        if (!y.isEmpty()) {
          labels.put("y", y);
        }
        Labels all = Labels.of(labels);
        possible |= one.matches(all);
        implied &= !one.matches(all) || other.matches(all);
      }
    }
    assertThat(LabelValues.implies(one, other)).as("%s / %s", one, other).isEqualTo(implied);
    assertThat(LabelValues.contradiction(one).isEmpty()).as("%s", one).isEqualTo(possible);
  }

  private static Selector selector(Random random) {
    List<Requirement> requirements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Operator operator = Operator.values()[random.nextInt(4)];
      List<String> values =
          List.of("a", "b", "c").subList(random.nextInt(2), 2 + random.nextInt(2));
      requirements.add(new Requirement(
          random.nextBoolean() ? "x" : "y", operator, operator.takesValues() ? values : List.of()));
    }
    return new Selector(requirements);
  }
}
