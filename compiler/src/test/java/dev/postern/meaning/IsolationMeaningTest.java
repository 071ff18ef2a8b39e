package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines 1 to 4 and 24: whom a NetworkPolicy isolates, in which direction, and what missing and empty lists mean. */
class IsolationMeaningTest {

  @Test
  void aPodThatNoPolicySelectsAllowsEverything() {
    Scene scene = Scene.of(networkPolicy("shop/db", """
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress, Egress]"""));
    assertThat(scene.ask("ops/web", "shop/web", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.8.8.8", "shop/web", "icmp")).isEqualTo(ALLOWED);
    assertThat(scene.judge("ops/web", "shop/web", "tcp/80").ingress().tier()).isEmpty();
  }

  @Test
  void aPolicyIsolatesThePodsItSelectsOfItsOwnNamespaceOnly() {
    Scene scene =
        Scene.of(networkPolicy("shop/deny-web", "podSelector: {matchLabels: {app: web}}"));
    assertThat(scene.ask("shop/db", "shop/web", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/db", "ops/web", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void isolationInOneDirectionLeavesTheOtherOpen() {
    Scene scene = Scene.of(networkPolicy("shop/deny", "{podSelector: {}, policyTypes: [Ingress]}"));
    assertThat(scene.ask("ops/web", "shop/web", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "ops/web", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void policiesThatSelectAPodAdd() {
    Scene scene = Scene.of(
        networkPolicy("shop/deny", "podSelector: {}"),
        networkPolicy("shop/from-web", """
            podSelector: {matchLabels: {app: db}}
            ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]"""),
        networkPolicy("shop/on-5432", """
            podSelector: {matchLabels: {app: db}}
            ingress: [{ports: [{port: 5432}]}]"""));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.8.8.8", "shop/db", "tcp/5432")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void aFlowNeedsEgressOfTheSourceAndIngressOfTheDestination() {
    String egress = networkPolicy("shop/web", """
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]""");
    String ingress = networkPolicy("shop/db", """
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{podSelector: {}}], ports: [{port: 5432}]}]""");
    assertThat(Scene.of(egress, ingress).ask("shop/web", "shop/db", "tcp/5432")).isEqualTo(ALLOWED);
    Judgement onlyEgress = Scene.of(egress, ingress).judge("shop/web", "shop/db", "tcp/80");
    assertThat(onlyEgress.verdict()).isEqualTo(DENIED);
    assertThat(onlyEgress.egress().verdict()).isEqualTo(ALLOWED);
    assertThat(onlyEgress.ingress().verdict()).isEqualTo(DENIED);
    assertThat(Scene.of(egress).ask("shop/web", "ops/web", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void aDenialNamesThePoliciesThatIsolate() {
    Decision decision = Scene.of(networkPolicy("shop/deny", "podSelector: {}"))
        .judge("ops/web", "shop/db", "tcp/80")
        .ingress();
    assertThat(decision.tier()).contains(Tier.NETWORK_POLICY);
    assertThat(decision.causes()).singleElement().satisfies(cause -> {
      assertThat(cause.policy().id()).isEqualTo("shop/deny");
      assertThat(cause.rule()).isEmpty();
    });
  }

  @Test
  void missingPolicyTypesMeanIngressAlone() {
    Scene scene = Scene.of(networkPolicy("shop/deny", "podSelector: {matchLabels: {app: db}}"));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/db", "shop/web", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void missingPolicyTypesMeanEgressTooWhereThereIsAnEgressRule() {
    Scene scene = Scene.of(networkPolicy("shop/db", """
        podSelector: {matchLabels: {app: db}}
        egress: [{ports: [{port: 443}]}]"""));
    assertThat(scene.ask("shop/db", "8.8.8.8", "tcp/443")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/db", "8.8.8.8", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/443")).isEqualTo(DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"egress: []", "policyTypes: []"})
  void anEmptyListOfEgressRulesOrOfPolicyTypesIsAsGoodAsAMissingOne(String field) {
    Scene scene =
        Scene.of(networkPolicy("shop/db", "podSelector: {matchLabels: {app: db}}\n" + field));
    assertThat(scene.ask("shop/db", "8.8.8.8", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void anIngressSectionUnderPolicyTypesEgressDoesNothing() {
    Scene scene = Scene.of(networkPolicy("shop/db", """
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Egress]
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]"""));
    assertThat(scene.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/db", "ops/web", "tcp/80")).isEqualTo(DENIED);
    Scene both = Scene.of(
        networkPolicy("shop/deny", "podSelector: {matchLabels: {app: db}}"),
        networkPolicy("shop/db", """
            podSelector: {matchLabels: {app: db}}
            policyTypes: [Egress]
            ingress: [{}]"""));
    assertThat(both.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ingress: []", "ingress: null"})
  void ingressMissingOrEmptyAllowsNothing(String ingress) {
    Scene scene = Scene.of(networkPolicy(
        "shop/db", "podSelector: {matchLabels: {app: db}}\npolicyTypes: [Ingress]\n" + ingress));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("8.8.8.8", "shop/db", "icmp")).isEqualTo(DENIED);
  }

  @Test
  void anEmptyRuleAllowsEverything() {
    Scene scene =
        Scene.of(networkPolicy("shop/db", "podSelector: {matchLabels: {app: db}}\ningress: [{}]"));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.8.8.8", "shop/db", "icmp")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/agent", "shop/db", "sctp/9")).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ports: [{port: 80}]",
        "from: []\n  ports: [{port: 80}]",
        "from: null\n  ports: [{port: 80}]"
      })
  void fromMissingOrEmptyIsEveryPeerInAndOutsideTheCluster(String rule) {
    Scene scene = Scene.of(
        networkPolicy("shop/db", "podSelector: {matchLabels: {app: db}}\ningress:\n- " + rule));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/batch", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ingress-controller", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/81")).isEqualTo(DENIED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to: [{podSelector: {}}]",
        "to: [{podSelector: {}}]\n  ports: []",
        "to: [{podSelector: {}}]\n  ports: null"
      })
  void portsMissingOrEmptyAreAllTraffic(String rule) {
    Scene scene = Scene.of(
        networkPolicy("shop/db", "podSelector: {matchLabels: {app: db}}\negress:\n- " + rule));
    for (String traffic : new String[] {"tcp/1", "udp/65535", "sctp/36412", "icmp"}) {
      assertThat(scene.ask("shop/db", "shop/web", traffic)).isEqualTo(ALLOWED);
    }
  }

  @Test
  void anEmptyPeerIsAnError() {
    assertThat(Scene.errors(networkPolicy("shop/db", "podSelector: {}\ningress: [{from: [{}]}]")))
        .singleElement()
        .asString()
        .contains("test.yaml:6:", "empty peer");
  }

  @Test
  void addingAPolicyTakesTrafficAwayFromPodsThatWereOpen() {
    assertThat(Scene.of().ask("ops/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    String allowing = networkPolicy("shop/allow", """
        podSelector: {matchLabels: {app: db}}
        ingress: [{ports: [{port: 5432}]}]""");
    assertThat(Scene.of(allowing).ask("ops/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void addingAPolicyToAnIsolatedPodTakesNothingAway() {
    String first = networkPolicy(
        "shop/first", "podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 80}]}]");
    String second = networkPolicy("shop/second", "podSelector: {matchLabels: {app: db}}");
    assertThat(Scene.of(first, second).ask("ops/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
  }
}
