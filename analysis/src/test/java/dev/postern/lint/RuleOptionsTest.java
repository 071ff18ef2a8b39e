package dev.postern.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.lint.rule.LintRule;
import dev.postern.lint.rule.RuleOption;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is set about a rule decides what it finds. */
class RuleOptionsTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {serviceAccountName: web, containers: [{name: c, image: i}]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: web, namespace: shop}
      subjects: [{kind: ServiceAccount, name: web}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {}
        policyTypes: [Ingress]
        ingress: [{ports: [{port: 80}, {port: 443, endPort: 444}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: out, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{ports: [{port: 16443}]}]
      """;

  private static List<Diagnostic> found(String code, String option, String... words) {
    LintRule rule = Lint.rules().stream()
        .filter(each -> each.code().id().equals(code))
        .findFirst()
        .orElseThrow();
    RuleOption<?> set = rule.options().stream()
        .filter(each -> each.name().equals(option))
        .findFirst()
        .orElseThrow();
    Loaded loaded = Manifests.read(
        List.of(Source.text("a.yaml", CLUSTER)), ReadOptions.DEFAULT.withKeepWritten(true));
    LintOptions options = words.length == 0
        ? LintOptions.DEFAULT
        : LintOptions.DEFAULT.withOptionsOfRules(Map.of(set, List.of(words)));
    return Lint.of(LintInput.of(loaded, options), List.of(rule));
  }

  @Test
  void theApiServerIsLookedForOnItsPorts() {
    assertThat(found("NP330", "ports"))
        .singleElement()
        .extracting(Diagnostic::message)
        .asString()
        .contains("reach no address on tcp/443 or tcp/6443");
    assertThat(found("NP330", "ports", "16443")).isEmpty();
  }

  @Test
  void aDefaultDenyIsWantedInTheseDirectionsOnly() {
    assertThat(found("NP341", "directions")).hasSize(1);
    assertThat(found("NP341", "directions", "egress")).hasSize(1);
    assertThat(found("NP341", "directions", "ingress")).isEmpty();
  }

  @Test
  void portsThatMayBeOpenToEveryAddressAreNotReported() {
    assertThat(found("NP343", "ports")).hasSize(1);
    assertThat(found("NP343", "ports", "80", "443")).hasSize(1);
    assertThat(found("NP343", "ports", "80", "443", "444")).isEmpty();
  }
}
