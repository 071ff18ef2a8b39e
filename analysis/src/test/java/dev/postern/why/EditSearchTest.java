package dev.postern.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Analysis;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

/** Smallest sets of edits against all sets of edits. */
class EditSearchTest {

  private static final AtomicInteger SETS = new AtomicInteger();
  private static final AtomicInteger PAIRS = new AtomicInteger();

  @AfterContainer
  static void setsOfTwoWereSeen() {
    System.out.println("sets of edits: " + SETS + ", of which with two or more " + PAIRS);
    assertThat(PAIRS).hasValueGreaterThanOrEqualTo(Tries.share(1));
  }

  /** Every set of one or two of the edits that come to mind is tried; those that turn the verdict and need all of theirs are shown, and no others. */
  @Property(tries = 250)
  void theSetsShownAreThoseThatNeedAllOfTheirEdits(@ForAll Cluster cluster, @ForAll Random random) {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (Flow flow : ExplanationPropertiesTest.flows(cluster, random, 6)) {
      Judgement judgement = reference.judge(flow);
      if (judgement.exemption() != Judgement.Exemption.NONE
          || judgement.verdict() != FlowVerdict.DENIED) {
        continue;
      }
      Explanation explanation = Explanation.of(judgement, cluster, Options.DEFAULT);
      Set<Set<String>> shown = new HashSet<>();
      for (Change change : explanation.changes()) {
        assertThat(shown.add(Set.copyOf(change.steps()))).isTrue();
        SETS.incrementAndGet();
        PAIRS.addAndGet(change.steps().size() > 1 ? 1 : 0);
        assertThat(new Reference(change.after(), Options.DEFAULT).judge(flow).verdict())
            .isEqualTo(FlowVerdict.ALLOWED);
      }
      Set<Set<String>> small = new HashSet<>(shown);
      small.removeIf(steps -> steps.size() > 2);
      Set<Set<String>> all = bruteForce(cluster, judgement);
      assertThat(all).containsAll(small);
      if (!explanation.moreChanges()) {
        assertThat(small).as("%s", flow).isEqualTo(all);
      }
    }
  }

  private static Set<Set<String>> bruteForce(Cluster cluster, Judgement judgement) {
    Set<Edit> universe = new LinkedHashSet<>();
    for (Flow flow : Families.of(judgement.flow())) {
      Judgement judged = new Reference(cluster, Options.DEFAULT).judge(flow);
      CandidateEdits ideas = new CandidateEdits(
          new RuleWords(cluster, Options.DEFAULT, flow), judged, Optional.empty());
      universe.addAll(allowing(ideas, cluster, Edits.NONE, flow));
    }
    for (Edit edit : List.copyOf(universe)) {
      for (Flow flow : Families.of(judgement.flow())) {
        Judgement judged = new Reference(cluster, Options.DEFAULT).judge(flow);
        CandidateEdits ideas = new CandidateEdits(
            new RuleWords(cluster, Options.DEFAULT, flow), judged, Optional.empty());
        universe.addAll(allowing(ideas, cluster, Edits.NONE.and(edit), flow));
      }
    }
    List<Edit> edits = new ArrayList<>(universe);
    Set<Set<String>> working = new HashSet<>();
    Set<Edit> alone = new HashSet<>();
    for (Edit edit : edits) {
      if (allows(cluster, judgement, Edits.NONE.and(edit))) {
        alone.add(edit);
        working.add(Set.of(edit.step()));
      }
    }
    for (int i = 0; i < edits.size(); i++) {
      for (int j = i + 1; j < edits.size(); j++) {
        Edit one = edits.get(i);
        Edit other = edits.get(j);
        boolean samePlace = one.what() != Edit.What.INSERT
            && other.what() != Edit.What.INSERT
            && other.concerns(one.policy(), one.direction())
            && one.index() == other.index();
        if (!alone.contains(one)
            && !alone.contains(other)
            && !samePlace
            && allows(cluster, judgement, Edits.NONE.and(one).and(other))) {
          working.add(Set.of(one.step(), other.step()));
        }
      }
    }
    return working;
  }

  private static List<Edit> allowing(CandidateEdits ideas, Cluster cluster, Edits made, Flow flow) {
    Cluster edited = made.on(cluster);
    Judgement now = new Reference(edited, Options.DEFAULT).judge(flow);
    RuleWords words = new RuleWords(edited, Options.DEFAULT, flow);
    return Stream.of(now.egress(), now.ingress())
        .map(decision -> Explanation.side(decision, words))
        .filter(Side::denies)
        .flatMap(side -> ideas.allowing(side, made).stream())
        .toList();
  }

  private static boolean allows(Cluster cluster, Judgement judgement, Edits edits) {
    Reference reference = new Reference(edits.on(cluster), Options.DEFAULT);
    return edits.isAccepted()
        && Families.of(judgement.flow()).stream()
            .allMatch(flow -> reference.judge(flow).verdict() == FlowVerdict.ALLOWED);
  }

  @Test
  void aDenialByTwoTiersOnOneSideNeedsAnEditOfEachAndTheOtherSideOneMore() {
    String manifests = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web, namespace: shop}
        spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {matchLabels: {app: db}}}
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: strict}
        spec:
          priority: 5
          subject: {namespaces: {}}
          ingress: [{action: Deny, from: [{namespaces: {}}]}]
        """;
    Cluster cluster = Manifests.read(Source.text("a.yaml", manifests)).cluster();
    Analysis analysis = Analysis.of(cluster);
    Explanation explanation =
        analysis.why(analysis.ask("can shop/web reach shop/db on 80")).get(0);
    assertThat(explanation.changes()).hasSize(2);
    // A rule before the denial allows for good; without the denial the NetworkPolicy still
    // isolates.
    assertThat(explanation.changes().get(0).steps())
        .hasSize(2)
        .anyMatch(step -> step.contains("strict") && step.contains("before ingress[0]"));
    assertThat(explanation.changes().get(1).steps())
        .hasSize(3)
        .anyMatch(step -> step.startsWith("remove strict ingress[0]"))
        .anyMatch(step -> step.contains("`ingress` of shop/db"))
        .anyMatch(step -> step.contains("`egress` of shop/web"));
    assertThat(explanation.moreChanges()).isFalse();
  }

  private static final String TWO_PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {"yes": a}}
      spec: {nodeName: n1, containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n2, containers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      """;

  /** The schemas: no named ports beside networks, and no list longer than they say. */
  @Test
  void whatTheApiServerRefusesIsNotOffered() {
    String admin = """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: strict}
        spec:
          tier: Admin
          priority: 5
          subject: {namespaces: {}}
          egress:
          - action: Accept
            to: [{pods: {podSelector: {matchLabels: {app: db}}}}]
            protocols: [{destinationNamedPort: sql}, {tcp: {destinationPort: {number: 443}}}]
          - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
        """;
    assertThat(steps(TWO_PODS + admin, "can shop/web reach 203.0.113.7 on 443"))
        .hasSize(2)
        .allMatch(step -> !step.contains("egress[0]"));
    String full = "  - {action: Pass, to: [{networks: [192.0.2.0/24]}]}\n".repeat(23);
    assertThat(steps(TWO_PODS + admin + full, "can shop/web reach 203.0.113.7 on 443"))
        .singleElement()
        .asString()
        .startsWith("remove strict egress[1]");
  }

  @Test
  void aListOfPortsIsCalledAsItsKindCallsIt() {
    String admin = """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: strict}
        spec:
          tier: Admin
          priority: 5
          subject: {namespaces: {}}
          egress:
          - {action: Accept, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 443}}}]}
          - {action: Deny, to: [{namespaces: {}}]}
        """;
    assertThat(steps(TWO_PODS + admin, "can shop/web reach shop/db on icmp"))
        .anyMatch(step -> step.startsWith("remove `protocols` from strict egress[0]"));
  }

  @Test
  void aKeyThatYamlTakesForABooleanIsQuoted() {
    String isolated = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {matchLabels: {app: db}}}
        """;
    assertThat(steps(TWO_PODS + isolated, "can shop/web reach shop/db on 80"))
        .singleElement()
        .asString()
        .contains("{matchLabels: {\"yes\": a}}");
  }

  private static List<String> steps(String manifests, String question) {
    Analysis analysis =
        Analysis.of(Manifests.read(Source.text("a.yaml", manifests)).cluster());
    return analysis.why(analysis.ask(question)).get(0).changes().stream()
        .flatMap(change -> change.steps().stream())
        .toList();
  }
}
