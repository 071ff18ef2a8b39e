package dev.postern.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.question.Statement;
import dev.postern.solver.Limits;
import dev.postern.spec.Check.Result;
import dev.postern.verify.Verifier;
import org.junit.jupiter.api.Test;

class SpecificationsTest {

  private static final String SHOP = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: job, namespace: dev, labels: {app: job}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.3}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}]
            ports: [{port: 5432}]
          - from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: backup}}}, {ipBlock: {cidr: 192.0.2.0/24}}]
            ports: [{port: 6000}]
      """;

  @Test
  void whatIsAllowedHoldsAndWhatIsNotFailsWithAFlow() {
    assertThat(result("shop/web can reach shop/db on 5432")).isEqualTo(Result.HOLDS);
    Check check = check("shop/web can reach shop/db on 5433");
    assertThat(check.result()).isEqualTo(Result.FAILS);
    assertThat(check.witness()).isPresent();
  }

  @Test
  void replicasThatNothingTellsApartReachEachOther() {
    String replicas = """
        apiVersion: v1
        kind: Pod
        metadata: {name: a-%1$d, namespace: x, labels: {app: a}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: a, uid: u, controller: true}]}
        spec: {containers: [{name: c}]}
        ---
        """;
    for (String pods : new String[] {
      replicas.formatted(0) + replicas.formatted(1),
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: x}\nspec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c}]}}}\n"
    }) {
      Verifier verifier =
          Verifier.of(Manifests.read(Source.text("replicas.yaml", pods)).cluster());
      assertThat(new Specifications(verifier, Limits.DEFAULT)
              .check(Statement.parse("x/a can never reach x/a on 80"))
              .result())
          .isEqualTo(Result.FAILS);
    }
    Verifier alone = Verifier.of(
        Manifests.read(Source.text("alone.yaml", replicas.formatted(0))).cluster());
    assertThat(new Specifications(alone, Limits.DEFAULT)
            .check(Statement.parse("x/a can never reach x/a on 80"))
            .result())
        .isEqualTo(Result.HOLDS);
  }

  @Test
  void cannotMeansNotAtAll() {
    assertThat(result("namespace dev cannot reach namespace shop")).isEqualTo(Result.FAILS);
    assertThat(result("namespace dev cannot reach shop/db")).isEqualTo(Result.HOLDS);
  }

  @Test
  void onlyFailsIfSomebodyElseCanAndNamesThem() {
    assertThat(result("only shop/web can reach shop/db on 5432")).isEqualTo(Result.HOLDS);
    Check check = check("only dev/job can reach shop/web on 80");
    assertThat(check.result()).isEqualTo(Result.FAILS);
    assertThat(check.detail()).contains("shop/db");
  }

  @Test
  void onlyFailsIfTheOneThatIsNamedCannot() {
    assertThat(result("only dev/job can reach shop/db on 5432")).isEqualTo(Result.FAILS);
  }

  @Test
  void onlyKnowsBlocksOfAddresses() {
    assertThat(result("only 192.0.2.0/24 can reach shop/db on 6000")).isEqualTo(Result.HOLDS);
    assertThat(result("only 192.0.2.0/25 can reach shop/db on 6000")).isEqualTo(Result.FAILS);
  }

  @Test
  void neverIsAGuaranteeForPodsThatCouldCome() {
    assertThat(result("namespace dev cannot reach shop/db on 6000")).isEqualTo(Result.HOLDS);
    Check check = check("namespace dev can never reach shop/db on 6000");
    assertThat(check.result()).isEqualTo(Result.FAILS);
    assertThat(check.detail()).startsWith("a pod that could come gets through");
    assertThat(result("namespace dev can never reach shop/db on 5432")).isEqualTo(Result.HOLDS);
  }

  @Test
  void aNameThatIsNotThereIsBadAndNotFalse() {
    assertThat(result("shop/wbe can reach shop/db")).isEqualTo(Result.BAD);
  }

  private static Result result(String sentence) {
    return check(sentence).result();
  }

  private static Check check(String sentence) {
    var loaded = Manifests.read(Source.text("shop.yaml", SHOP));
    assertThat(loaded.diagnostics()).isEmpty();
    Verifier verifier = Verifier.of(loaded.cluster());
    return new Specifications(verifier, Limits.DEFAULT).check(Statement.parse(sentence));
  }
}
