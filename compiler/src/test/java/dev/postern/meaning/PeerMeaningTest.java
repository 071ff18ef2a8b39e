package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines 5 to 7: which pods selectors mean. */
class PeerMeaningTest {

  private static Scene from(String peers) {
    return Scene.of(networkPolicy(
        "shop/db", "podSelector: {matchLabels: {app: db}}\ningress:\n- from:\n" + peers.indent(2)));
  }

  @Test
  void aPodSelectorAloneMeansPodsOfThePolicysNamespace() {
    Scene scene = from("- podSelector: {matchLabels: {app: web}}");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/bare", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void aNamespaceSelectorAloneMeansAllPodsOfThoseNamespaces() {
    Scene scene = from("- namespaceSelector: {matchLabels: {team: platform}}");
    assertThat(scene.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/dns", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void bothInOneItemMustHold() {
    Scene scene = from("""
        - namespaceSelector: {matchLabels: {team: platform}}
          podSelector: {matchLabels: {app: web}}""");
    assertThat(scene.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/dns", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void ofTwoItemsOneIsEnough() {
    Scene scene = from("""
        - namespaceSelector: {matchLabels: {team: platform}}
        - podSelector: {matchLabels: {app: web}}""");
    assertThat(scene.ask("ops/dns", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/bare", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void selectorsNeverMatchAddressesOutside() {
    Scene scene = from("- namespaceSelector: {}");
    assertThat(scene.ask("shop/bare", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void anEmptySelectorSelectsAllAlsoPodsWithoutLabels() {
    assertThat(from("- podSelector: {}").ask("shop/bare", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(from("- podSelector: {matchLabels: {}, matchExpressions: []}")
            .ask("shop/bare", "shop/db", "tcp/80"))
        .isEqualTo(ALLOWED);
    Scene subject = Scene.of(networkPolicy("shop/all", "podSelector: {}"));
    assertThat(subject.ask("ops/web", "shop/bare", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void aMissingPodSelectorBesideANamespaceSelectorIsAllPodsAndAMissingNamespaceSelectorIsOnesOwn() {
    assertThat(from("- namespaceSelector: {}").ask("ops/web", "shop/db", "tcp/80"))
        .isEqualTo(ALLOWED);
    assertThat(from("- podSelector: {}").ask("ops/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void matchLabelsAndAllExpressionsMustHold() {
    Scene scene = from("""
        - podSelector:
            matchLabels: {app: web}
            matchExpressions:
            - {key: tier, operator: In, values: [front, middle]}
            - {key: legacy, operator: DoesNotExist}""");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    Scene contradictory = from("""
        - podSelector:
            matchLabels: {app: web}
            matchExpressions: [{key: tier, operator: In, values: [back]}]""");
    assertThat(contradictory.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: app, operator: In, values: [web, db]}    | ALLOWED | DENIED",
        "{key: app, operator: NotIn, values: [db]}      | ALLOWED | ALLOWED",
        "{key: app, operator: NotIn, values: [web]}     | DENIED  | ALLOWED",
        "{key: app, operator: Exists}                   | ALLOWED | DENIED",
        "{key: app, operator: DoesNotExist}             | DENIED  | ALLOWED",
      })
  void notInAndDoesNotExistMatchPodsThatLackTheKey(
      String expression, FlowVerdict ofWeb, FlowVerdict ofPodWithoutLabels) {
    Scene scene = from("- podSelector: {matchExpressions: [" + expression + "]}");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ofWeb);
    assertThat(scene.ask("shop/bare", "shop/db", "tcp/80")).isEqualTo(ofPodWithoutLabels);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{key: app, operator: In}",
        "{key: app, operator: NotIn, values: []}",
        "{key: app, operator: Exists, values: [web]}",
        "{key: app, operator: DoesNotExist, values: [web]}",
        "{key: app, operator: Equals, values: [web]}",
      })
  void anOperatorWithTheWrongValuesIsAnError(String expression) {
    assertThat(Scene.errors(
            networkPolicy("shop/db", "podSelector: {matchExpressions: [" + expression + "]}")))
        .singleElement()
        .asString()
        .contains("test.yaml:5:");
  }

  @Test
  void everyNamespaceCarriesItsNameAsALabelAlsoWhereTheManifestOmitsIt() {
    Scene scene = from("- namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}");
    assertThat(scene.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void theNameLabelCannotBeOverridden() {
    Scene scene =
        Scene.bare("""
        apiVersion: v1
        kind: Namespace
        metadata: {name: evil, labels: {kubernetes.io/metadata.name: trusted}}
        """, pod("evil", "a"), pod("shop", "db"), networkPolicy("shop/db", """
            podSelector: {}
            ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: trusted}}}]}]"""));
    assertThat(scene.ask("evil/a", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.cluster().namespace("evil").labels().get("kubernetes.io/metadata.name"))
        .contains("evil");
  }

  @Test
  void policiesApplyInANamespaceThatNoManifestDeclaresAndItHasItsNameAsItsOnlyLabel() {
    String policy = networkPolicy("lost/a", """
        podSelector: {}
        ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: lost}}}]}]""");
    Scene scene = Scene.of(pod("lost", "a"), pod("lost", "b"), policy);
    assertThat(scene.ask("lost/b", "lost/a", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "lost/a", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.cluster().namespace("lost").labels().size()).isEqualTo(1);
    assertThat(scene.cluster().namespace("lost").declared()).isFalse();
  }

  private static String pod(String namespace, String name) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + namespace
        + "}\n" + "spec: {containers: [{name: c, image: i}]}";
  }
}
