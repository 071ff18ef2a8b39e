package dev.postern.openworld;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.openworld.OpenDifference.ChangedShare;
import dev.postern.openworld.OpenDifference.OpenRow;
import dev.postern.solver.Limits;
import dev.postern.testing.PolicyMutation;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenDifferenceTest {

  private static final String NAMESPACES = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {stage: prod}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: office, labels: {stage: prod}}
      """;

  @Test
  void aSelectorThatTakesInEveryNamespaceIsSeenThoughNobodyIsThere() {
    OpenDifference difference = between(
        policy(
            "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]"),
        policy(
            "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]"));
    assertThat(difference.closed()).isEmpty();
    assertThat(difference.opened())
        .extracting(OpenRow::toString)
        .containsExactly(
            "pods app=web outside namespace shop -> pods app=db in namespace shop on tcp/5432");
    OpenRow row = difference.opened().get(0);
    assertThat(row.extent()).isEqualTo(ChangedShare.WHOLE);
    assertThat(row.witness().was().verdict()).isEqualTo(FlowVerdict.DENIED);
    assertThat(row.witness().is().verdict()).isEqualTo(FlowVerdict.ALLOWED);
    End.InPod source = (End.InPod) row.witness().is().flow().source();
    assertThat(source.workload().namespace()).isEqualTo("office");
    assertThat(source.workload().labels().asMap()).containsExactly(Map.entry("app", "web"));
  }

  @Test
  void whatTheOtherEndMayRefuseIsSaidToBeSo() {
    String locked = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: locked, namespace: office}
        spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}
        """;
    OpenDifference difference = between(
        policy("ingress: []") + locked,
        policy("ingress: [{from: [{namespaceSelector: {matchLabels: {stage: prod}}}]}]") + locked);
    assertThat(difference.opened())
        .extracting(row -> row + " " + row.extent())
        .containsExactly(
            "any pod in namespaces stage=prod -> pods app=db in namespace shop on all traffic WHERE_ADMITTED");
  }

  @Test
  void whatTheOtherEndAlwaysRefusesIsNoDifference() {
    String locked = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: locked, namespace: office}
        spec: {podSelector: {}, policyTypes: [Egress]}
        """;
    OpenDifference difference = between(
        policy("ingress: []") + locked,
        policy(
                "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: office}}}]}]")
            + locked);
    assertThat(difference.isEmpty()).isTrue();
  }

  @Test
  void equalPoliciesAreProvedEqualHoweverTheyAreWritten() {
    OpenDifference difference = between(
        policy(
            "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}]}]"),
        policy("ingress: [{from: [{podSelector: {}}]}]"));
    assertThat(difference.isEmpty()).isTrue();
  }

  @Test
  void theFirstPolicyClosesAllThatItDoesNotAllow() {
    OpenDifference difference = between(
        "",
        policy(
            "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]"));
    assertThat(difference.opened()).isEmpty();
    assertThat(difference.closed())
        .extracting(OpenRow::toString)
        .containsExactly(
            "any pod -> pods app=db in namespace shop on tcp/1-5431,5433-65535 udp sctp other protocols",
            "any pod outside namespace shop or internet or pods app notin (web) -> pods app=db in namespace shop on all traffic");
  }

  @Test
  void aWidenedBlockOpensTheAddressesThatWereAdded() {
    OpenDifference difference = between(
        policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/9}}]}]"),
        policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"));
    assertThat(difference.opened())
        .extracting(OpenRow::toString)
        .containsExactly(
            "10.128.0.0/9 or any pod at 10.128.0.0/9 -> pods app=db in namespace shop on all traffic");
  }

  @Test
  void aNamedPortIsSaidByItsName() {
    OpenDifference difference = between(
        policy("ingress: []"),
        policy("ingress: [{from: [{podSelector: {}}], ports: [{port: http}]}]"));
    assertThat(difference.opened())
        .extracting(OpenRow::toString)
        .containsExactly("any pod in namespace shop -> pods app=db in namespace shop on tcp/http");
  }

  private static final String HOST = """
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: known, labels: {pool: b}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: here, namespace: shop}
      spec: {hostNetwork: true, nodeName: known}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: somewhere, namespace: shop}
      spec: {hostNetwork: true}
      """;

  @Test
  void whatDependsOnTheNodeOfAPodOnTheHostNetworkIsNoProof() {
    String denied = nodes("{action: Deny, to: [{nodes: {matchLabels: {pool: a}}}]}");
    OpenDifference difference = between(HOST, HOST + denied);
    assertThat(difference.opened()).isEmpty();
    assertThat(difference.closed())
        .extracting(OpenRow::toString)
        .containsExactly("any pod -> shop/somewhere on the host network on all traffic");
    OpenRow row = difference.closed().get(0);
    assertThat(row.witness().is().verdict()).isEqualTo(FlowVerdict.UNKNOWN);
    assertThat(between(HOST + denied, HOST).opened())
        .extracting(OpenRow::toString)
        .containsExactly("any pod -> shop/somewhere on the host network on all traffic");
  }

  @Test
  void whatHoldsOnWhateverNodeAPodOnTheHostNetworkRunsIsNoDifference() {
    OpenDifference difference = between(
        HOST + nodes("{action: Deny, to: [{nodes: {}}]}"),
        HOST
            + nodes(
                "{action: Deny, to: [{nodes: {matchExpressions: [{key: pool, operator: Exists}]}}, {nodes: {matchExpressions: [{key: pool, operator: DoesNotExist}]}}]}"));
    assertThat(difference.isEmpty()).isTrue();
  }

  private static String nodes(String rule) {
    return """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: nodes}
        spec: {priority: 1, subject: {namespaces: {}}, egress: [%s]}
        """.formatted(rule);
  }

  @Test
  void manyRowsAreSummedUpPolicyByPolicy() {
    StringBuilder peers = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      peers
          .append(i == 0 ? "" : ", ")
          .append("{podSelector: {matchLabels: {a%d: one, b%d: two}}}".formatted(i, i));
    }
    OpenDifference difference =
        between(policy("ingress: []"), policy("ingress: [{from: [" + peers + "]}]"));
    assertThat(difference.opened())
        .extracting(row -> row + " " + row.extent())
        .containsExactly("any pod -> pods app=db in namespace shop on all traffic IN_PART");
  }

  @Test
  void whatZ3GivesUpIsNoProof() {
    OpenDifference difference = OpenDifference.between(
        cluster(policy("ingress: []")), cluster(""), Options.DEFAULT, Limits.DEFAULT.withSteps(1));
    assertThat(difference.isEmpty()).isFalse();
    assertThat(difference.undecided()).isPresent();
  }

  /** In a cluster in which every part of every policy matters. */
  @ParameterizedTest
  @EnumSource(PolicyMutation.class)
  void aMutantIsAlwaysSeen(PolicyMutation mutation) {
    Cluster cluster = cluster(TIERS);
    for (int seed = 0; seed < 5; seed++) {
      Cluster mutant = mutation.of(cluster, new Random(seed)).orElseThrow();
      OpenDifference difference = OpenDifference.between(
          cluster, mutant, Options.DEFAULT, Limits.of(Duration.ofSeconds(60)));
      assertThat(difference.opened().size() + difference.closed().size())
          .as("%s, seed %d", mutation, seed)
          .isPositive();
    }
  }

  private static final String TIERS = """
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: node, labels: {pool: a}}
      status: {addresses: [{type: InternalIP, address: 172.18.0.2}]}
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: first}
      spec:
        priority: 1
        subject: {namespaces: {matchLabels: {team: a}}}
        egress:
          - {action: Deny, to: [{networks: [10.0.0.0/9]}]}
          - {action: Allow, to: [{networks: [10.0.0.0/7]}], ports: [{portNumber: {protocol: TCP, port: 443}}]}
          - {action: Deny, to: [{nodes: {matchLabels: {pool: a}}}]}
        ingress:
          - {action: Allow, from: [{namespaces: {matchExpressions: [{key: team, operator: In, values: [a]}]}}], ports: [{portNumber: {protocol: TCP, port: 80}}]}
          - {action: Deny, from: [{namespaces: {}}]}
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: second}
      spec:
        priority: 2
        subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}
        egress:
          - {action: Allow, to: [{networks: [10.0.0.0/10]}], ports: [{portNumber: {protocol: TCP, port: 53}}]}
          - {action: Deny, to: [{networks: [0.0.0.0/1]}]}
        ingress:
          - {action: Deny, from: [{namespaces: {matchLabels: {team: b}}}], ports: [{portNumber: {protocol: UDP, port: 53}}]}
          - {action: Allow, from: [{namespaces: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}}], ports: [{portNumber: {protocol: UDP, port: 53}}]}
      """;

  private static String policy(String rest) {
    return """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {matchLabels: {app: db}}, %s}
        """.formatted(rest);
  }

  private static OpenDifference between(String before, String after) {
    OpenDifference difference = OpenDifference.between(
        cluster(before), cluster(after), Options.DEFAULT, Limits.of(Duration.ofSeconds(60)));
    assertThat(difference.undecided()).isEmpty();
    return difference;
  }

  private static Cluster cluster(String policies) {
    var loaded = Manifests.read(Source.text("open.yaml", NAMESPACES + policies));
    assertThat(loaded.diagnostics()).isEmpty();
    return loaded.cluster();
  }
}
