package dev.postern.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

class LintTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {team: a}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, ports: [{name: http, containerPort: 80}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      """;

  @Test
  void aRuleThatAnotherRuleCoversIsRedundantAndTheOtherIsNamed() {
    Diagnostic found = only(
        "REDUNDANT_RULE",
        policy(
            "db",
            "{matchLabels: {app: db}}",
            "ingress: [{from: [{podSelector: {}}]}, {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]"));
    assertThat(found.message())
        .isEqualTo(
            "`ingress[1]` of NetworkPolicy shop/db is redundant: all that it allows is allowed by `ingress[0]` of NetworkPolicy shop/db, whatever pods come");
  }

  @Test
  void whereRulesThatDoNothingAreTheOnlyReasonForAnIsolationPolicyTypesIsToBeWrittenFirst() {
    String before = """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: inside}
        spec:
          priority: 5
          subject: {namespaces: {}}
          egress: [{action: Allow, to: [{namespaces: {}}]}]
        """;
    String rules =
        "egress: [{to: [{podSelector: {}}]}, {to: [{podSelector: {}}], ports: [{port: 80}]}]";

    String advice = "write `policyTypes: [Ingress, Egress]` before you remove it";
    assertThat(lint(before, policy("web", "{}", rules)))
        .filteredOn(found -> found.code().name().equals("SHADOWED_RULE"))
        .hasSize(2)
        .allMatch(found -> found.hint().contains(advice));
    assertThat(lint(before, policy("web", "{}", "policyTypes: [Egress], " + rules)))
        .filteredOn(found -> found.code().name().equals("SHADOWED_RULE"))
        .hasSize(2)
        .noneMatch(found -> found.hint().contains(advice));
  }

  @Test
  void redundancyThatAPodToComeMayEndIsToldApart() {
    Diagnostic found = only(
        "REDUNDANT_RULE",
        policy(
            "db",
            "{matchLabels: {app: db}}",
            "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}, {from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}], ports: [{port: 80}]}]"));
    assertThat(found.message()).endsWith("for the pods that are here");
    assertThat(found.hint()).isEqualTo("for example shop/web -> shop/db tcp/80");
    assertThat(found.related()).singleElement().satisfies(related -> {
      assertThat(related.message()).isEqualTo("`ingress[0]` of NetworkPolicy shop/db");
      assertThat(related.origin().line()).isPositive();
    });
  }

  @Test
  void aWholePolicyNamesThosePoliciesThatDoTheSame() {
    Diagnostic found = only(
        "REDUNDANT_POLICY",
        policy("wide", "{}", "ingress: [{from: [{podSelector: {}}]}]"),
        policy(
            "narrow",
            "{matchLabels: {app: db}}",
            "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]"));
    assertThat(found.message())
        .isEqualTo(
            "NetworkPolicy shop/narrow is redundant: without it every verdict stays the same, whatever pods come; NetworkPolicy shop/wide does the same");
  }

  @Test
  void twoEqualPoliciesAreBothRedundant() {
    assertThat(codes(
            policy("a", "{}", "ingress: [{from: [{podSelector: {}}]}]"),
            policy("b", "{}", "ingress: [{from: [{podSelector: {}}]}]")))
        .contains("REDUNDANT_POLICY")
        .doesNotContain("CONFLICT");
  }

  @Test
  void aDefaultDenyIsNotCalledRedundantThoughEveryPodIsIsolatedWithoutIt() {
    assertThat(codes(
            policy("default-deny", "{}", "ingress: []"),
            policy("web", "{matchLabels: {app: web}}", "ingress: [{from: [{podSelector: {}}]}]"),
            policy("db", "{matchLabels: {app: db}}", "ingress: [{from: [{podSelector: {}}]}]")))
        .doesNotContain("REDUNDANT_POLICY");
  }

  @Test
  void aSelectorThatContradictsItselfIsSaidToMatchNothingEver() {
    Diagnostic found = only(
        "CONTRADICTORY_SELECTOR",
        policy(
            "x",
            "{matchLabels: {app: db}, matchExpressions: [{key: app, operator: NotIn, values: [db]}]}",
            "ingress: []"));
    assertThat(found.message()).contains("`app notin (db)`").contains("`app=db`");
  }

  @Test
  void aPolicyThatSelectsNobodyNowIsToldApart() {
    only("SELECTS_NOTHING", policy("x", "{matchLabels: {app: nobody}}", "ingress: []"));
  }

  @Test
  void aPeerThatMatchesNobodyIsNamed() {
    Diagnostic found = only(
        "PEER_MATCHES_NOBODY",
        policy(
            "x",
            "{}",
            "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {podSelector: {matchLabels: {app: wbe}}}]}]"));
    assertThat(found.message()).startsWith("`ingress[0].from[1]`");
  }

  @Test
  void rulesThatPolicyTypesLeaveOutAreSaidToDoNothing() {
    only(
        "INERT_RULES",
        policy(
            "x",
            "{}",
            "policyTypes: [Egress], ingress: [{from: [{podSelector: {}}]}], egress: [{}]"));
  }

  @Test
  void theDashTooManyIsFoundAtThePodSelector() {
    Diagnostic found = only(
        "SPLIT_PEER",
        policy(
            "x",
            "{}",
            "ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}, {podSelector: {matchLabels: {app: web}}}]}]"));
    assertThat(found.hint()).contains("drop the `-`");
  }

  @Test
  void restrictedEgressWithoutDnsIsSaidForThePodsItCutsOff() {
    Diagnostic found = only(
        "NO_NAME_SERVICE",
        policy(
            "x",
            "{matchLabels: {app: web}}",
            "policyTypes: [Egress], egress: [{ports: [{port: 443}]}]"));
    assertThat(found.message()).contains("`shop/web`");
  }

  @Test
  void ofSeveralNameServersTheHintNamesTheSameEachTime() {
    String servers = """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: dns-default, namespace: openshift-dns, labels: {dns.operator.openshift.io/daemonset-dns: default}}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: coredns, namespace: kube-system, labels: {k8s-app: kube-dns}}
        spec: {containers: [{name: c}]}
        """;
    for (int i = 0; i < 20; i++) {
      Diagnostic found = only(
          "NO_NAME_SERVICE",
          servers,
          policy(
              "x",
              "{matchLabels: {app: web}}",
              "policyTypes: [Egress], egress: [{ports: [{port: 443}]}]"));
      assertThat(found.hint()).contains("`k8s-app: kube-dns` of namespace kube-system");
    }
  }

  @Test
  void anIngressThatEveryPeersEgressDeniesIsHalfAPath() {
    List<String> codes = codes(
        policy("deny", "{matchLabels: {app: web}}", "policyTypes: [Egress], egress: []"),
        policy(
            "allow",
            "{matchLabels: {app: db}}",
            "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]"));
    assertThat(codes).contains("HALF_OPEN");
  }

  @Test
  void adminPoliciesOfOnePriorityThatDisagreeAreInConflictWithAWitness() {
    Diagnostic found = only("CONFLICT", admin("a", "Allow"), admin("b", "Deny"));
    assertThat(found.hint()).startsWith("for example shop/");
  }

  @Test
  void aPassThatNoLowerTierAnswersIsAnAllowInDisguise() {
    only(
        "PASS_TO_NOWHERE",
        admin("a", "Pass").replace("priority: 5", "priority: 4"),
        admin("b", "Deny"));
  }

  @Test
  void anAdminRuleBehindAWiderOneIsShadowed() {
    Diagnostic found = only(
        "SHADOWED_RULE",
        admin("a", "Deny").replace("priority: 5", "priority: 4"),
        admin("b", "Allow"));
    assertThat(found.message()).contains("`ingress[0]` of AdminNetworkPolicy a decides");
  }

  private static String policy(String name, String selector, String rest) {
    return """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s, namespace: shop}
        spec: {podSelector: %s, %s}
        """.formatted(name, selector, rest);
  }

  private static String admin(String name, String action) {
    return """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: %s}
        spec:
          priority: 5
          subject: {namespaces: {}}
          ingress: [{action: %s, from: [{namespaces: {}}]}]
        """.formatted(name, action);
  }

  private static List<Diagnostic> lint(String... policies) {
    var loaded = Manifests.read(Source.text("lint.yaml", PODS + String.join("", policies)));
    assertThat(loaded.diagnostics()).isEmpty();
    return Lint.of(LintInput.of(Plan.of(loaded.cluster()), LintOptions.DEFAULT.withClosed(true)));
  }

  private static List<String> codes(String... policies) {
    return lint(policies).stream().map(d -> d.code().name()).toList();
  }

  private static Diagnostic only(String code, String... policies) {
    List<Diagnostic> found = lint(policies);
    assertThat(found).extracting(d -> d.code().name()).contains(code);
    Diagnostic first =
        found.stream().filter(d -> d.code().name().equals(code)).findFirst().orElseThrow();
    assertThat(first.origin().line()).isPositive();
    return first;
  }
}
