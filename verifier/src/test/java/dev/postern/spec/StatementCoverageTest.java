package dev.postern.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.question.Statement;
import dev.postern.verify.Verifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatementCoverageTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: waiting}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c, ports: [{name: sql, containerPort: 5432}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: job, namespace: dev, labels: {app: job}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: sql, namespace: shop}
      spec: {selector: {app: db}, ports: [{port: 80, targetPort: sql}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}]
            ports: [{port: 5432}]
          - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: job}}}]
            ports: [{port: 6000}]
          - from: [{podSelector: {matchLabels: {app: nobody}}}]
      ---
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: out}
      spec:
        tier: Admin
        priority: 5
        subject: {namespaces: {}}
        egress:
          - {action: Deny, to: [{networks: [198.51.100.0/24]}]}
          - {action: Accept, to: [{domainNames: ["*.example.com"]}]}
          - {action: Accept, to: [{networks: [192.0.2.0/24]}]}
      """;

  @Test
  void aStatementIsAboutTheRulesThatCoverSomeOfItsTraffic() {
    assertThat(unstated("shop/web can reach shop/db on 5432"))
        .containsExactlyInAnyOrder("ingress[1]", "ingress[2]", "egress[1]", "egress[2]");
    assertThat(unstated("shop/web can reach shop/db on 5433")).contains("ingress[0]");
    assertThat(unstated("shop/web cannot reach shop/db")).doesNotContain("ingress[0]");
  }

  @Test
  void throughAServiceThePodsPortCounts() {
    assertThat(unstated("shop/web can reach service shop/sql on 80")).doesNotContain("ingress[0]");
  }

  @Test
  void onlyIsAboutAllThatMayReachTheDestinationAndNamesNobodyElse() {
    String only = "only shop/web can reach shop/db";
    assertThat(unstated(only)).doesNotContain("ingress[0]", "ingress[1]");
    assertThat(workloads(only)).containsExactly("dev/job");
  }

  @Test
  void aNameOutsideIsAboutTheRulesThatNameIt() {
    assertThat(unstated("shop/web can reach api.example.com on 443"))
        .contains("egress[2]")
        .doesNotContain("egress[1]");
    assertThat(unstated("shop/web can reach 192.0.2.7 on 443"))
        .contains("egress[1]")
        .doesNotContain("egress[2]");
  }

  @Test
  void aRuleThatMatchesNobodyIsSaidToMatchNobody() {
    assertThat(coverage("shop/web can reach shop/db").unstatedRules())
        .filteredOn(StatementCoverage.UnstatedRule::coversNothing)
        .extracting(rule -> rule.rule().field())
        .containsExactly("ingress[2]");
  }

  @Test
  void aStatementAboutPodsToComeNamesTheOtherSide() {
    assertThat(workloads("namespace waiting can never reach shop/db"))
        .containsExactly("dev/job", "shop/web");
  }

  @Test
  void whatIsNotInTheClusterIsNoReasonToCountTheRest() {
    assertThat(workloads("shop/nobody can reach shop/db"))
        .containsExactly("dev/job", "shop/db", "shop/web");
  }

  @Test
  void anyoneNamesNobody() {
    assertThat(workloads("anyone cannot reach shop/db")).containsExactly("dev/job", "shop/web");
  }

  private static List<String> unstated(String... statements) {
    return coverage(statements).unstatedRules().stream()
        .map(rule -> rule.rule().field())
        .toList();
  }

  private static List<String> workloads(String... statements) {
    return coverage(statements).unstatedWorkloads().stream().map(Workload::id).toList();
  }

  private static StatementCoverage coverage(String... statements) {
    Verifier verifier =
        Verifier.of(Manifests.read(Source.text("shop.yaml", CLUSTER)).cluster().closed());
    return StatementCoverage.of(
        verifier, Stream.of(statements).map(Statement::parse).toList());
  }
}
