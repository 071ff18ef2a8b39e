package dev.postern.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import org.junit.jupiter.api.Test;

class DifferenceTest {

  private static final String PODS = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: db, namespace: shop}
      spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c}]}}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: batch, namespace: jobs}
      spec: {selector: {matchLabels: {app: batch}}, template: {metadata: {labels: {app: batch}}, spec: {containers: [{name: c}]}}}
      """;

  @Test
  void rowsOfOneNamespaceDoNotSpeakOfEveryPod() {
    String one =
        policy("ingress: [{from: [{podSelector: {}}]}]").replace("{app: db}", "{app: web}");
    Cluster before = cluster(one);
    Cluster after = cluster(
        one.replace("from: [{podSelector: {}}]", "from: [{podSelector: {}}], ports: [{port: 80}]"));
    assertThat(Difference.between(before, after, Options.DEFAULT).closed())
        .extracting(Difference.DifferenceRow::toString)
        .containsExactly(
            "namespace shop -> shop/web on tcp/1-79,81-65535 udp sctp other protocols");
  }

  @Test
  void anEditOfOneDirectionSaysNothingOfTheOther() {
    String admin = """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: apart}
        spec:
          priority: 1
          subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
          egress: [{action: Deny, to: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: jobs}}}]}]
        """;
    String ingress =
        "  ingress: [{action: Deny, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: jobs}}}]}]\n";
    Difference difference = difference(admin + ingress, admin);
    assertThat(difference.opened())
        .extracting(Difference.DifferenceRow::toString)
        .containsExactly("jobs/batch -> namespace shop on all traffic");
    assertThat(difference.closed()).isEmpty();
  }

  @Test
  void aFirstPolicyClosesEverythingItDoesNotAllowAndSaysWhomItIsolates() {
    Difference difference = difference(
        "",
        policy(
            "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]"));
    assertThat(difference.opened()).isEmpty();
    assertThat(difference.closed())
        .extracting(Difference.DifferenceRow::toString)
        .containsExactly(
            "jobs/batch, shop/db, internet -> shop/db on all traffic",
            "shop/web -> shop/db on tcp/1-5431,5433-65535 udp sctp other protocols");
    assertThat(difference.newlyIsolated().get(Direction.INGRESS)).containsExactly("shop/db");
  }

  @Test
  void aWidenedBlockOpensJustTheAddressesThatWereAdded() {
    Difference difference = difference(
        policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/9}}]}]"),
        policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"));
    assertThat(difference.closed()).isEmpty();
    assertThat(difference.opened())
        .extracting(Difference.DifferenceRow::toString)
        .containsExactly("10.128.0.0/9 -> shop/db on all traffic");
  }

  @Test
  void aRowBetweenAPodAndItsOwnNodeComesWithWhatPassesWhateverPoliciesSay() {
    String pods = """
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {nodeName: n1, containers: [{name: c, image: x}]}
        status: {podIP: 10.0.0.1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: agent, namespace: ops}
        spec: {nodeName: n1, hostNetwork: true, containers: [{name: c, image: x}]}
        status: {podIP: 192.0.2.1}
        """;
    Cluster open = Manifests.read(Source.text("a", pods)).cluster();
    Cluster denied = Manifests.read(Source.text("b", pods + policy("policyTypes: [Ingress]")))
        .cluster();
    assertThat(Difference.between(open, denied, Options.DEFAULT).notes())
        .singleElement()
        .asString()
        .startsWith("what a pod exchanges with its own node");
    assertThat(Difference.between(open, denied, Options.DEFAULT.withNodeTrafficPasses(false))
            .notes())
        .isEmpty();
    Cluster elsewhere = Manifests.read(
            Source.text("c", pods.replace("n1, hostNetwork", "n2, hostNetwork")))
        .cluster();
    Cluster deniedThere = elsewhere.withPolicies(denied.policies());
    assertThat(Difference.between(elsewhere, deniedThere, Options.DEFAULT).notes())
        .isEmpty();
  }

  @Test
  void aPolicyThatSelectsNodesIsNotDecidedWhereNoManifestHoldsOne() {
    String admin = """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: nodes}
        spec:
          priority: 1
          subject: {namespaces: {}}
          egress: [{action: Deny, to: [{nodes: {matchLabels: {pool: a}}}]}]
        """;
    String node = """
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n1, labels: {pool: b}}
        """;
    assertThat(Difference.between(cluster(""), cluster(admin), Options.DEFAULT).undecided())
        .hasValue("changed policies select nodes, and no manifest holds a Node");
    assertThat(difference(node, node + admin).isEmpty()).isTrue();
    assertThat(difference(admin, admin).isEmpty()).isTrue();
  }

  @Test
  void equalClustersHaveNoDifferenceHoweverTheyAreWritten() {
    Difference difference = difference(
        policy("ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]"),
        policy(
            "ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}}]}]"));
    assertThat(difference.isEmpty()).isTrue();
  }

  @Test
  void aRowShowsTheRuleThatTurnedIt() {
    Cluster before = cluster(policy("ingress: [{from: [{podSelector: {}}]}]"));
    Cluster after = cluster(policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"));
    Difference difference = Difference.between(before, after, Options.DEFAULT);

    RowCause turned = new RowCauseSearch(before, after, Options.DEFAULT)
        .of(difference.closed().get(0))
        .orElseThrow();

    assertThat(turned.sides()).singleElement().satisfies(side -> {
      assertThat(side.direction()).isEqualTo(Direction.INGRESS);
      assertThat(side.opens()).isFalse();
      assertThat(side.before().orElseThrow().causes().get(0).rule()).isPresent();
    });
  }

  private static String policy(String rest) {
    return """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {matchLabels: {app: db}}, %s}
        """.formatted(rest);
  }

  private static Difference difference(String before, String after) {
    Difference difference = Difference.between(cluster(before), cluster(after), Options.DEFAULT);
    assertThat(difference)
        .usingRecursiveComparison()
        .usingOverriddenEquals()
        .ignoringFields("notes")
        .isEqualTo(Difference.between(Plan.of(cluster(before)), Plan.of(cluster(after))));
    return difference;
  }

  private static Cluster cluster(String policies) {
    var loaded = Manifests.read(Source.text("diff.yaml", PODS + policies));
    assertThat(loaded.diagnostics()).isEmpty();
    return loaded.cluster();
  }
}
