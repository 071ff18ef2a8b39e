package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.question.BadSentence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A kind before a name: objects of that kind, and no others of the name. */
class KindsOfNamesTest {

  private static final String TEMPLATE = """
      ---
      apiVersion: %s
      kind: %s
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: %s}}
        template:
          metadata: {labels: {app: %s}}
          spec: {containers: [{name: c, image: i}]}
      """;

  private static String made(String version, String kind) {
    return TEMPLATE.formatted(version, kind, kind, kind);
  }

  private static final String ALL = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: pod}}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: only, namespace: shop, labels: {app: only}}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: api, namespace: shop}
      spec:
        selector: {matchLabels: {app: api}}
        template:
          metadata: {labels: {app: api}}
          spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        {name: api-0, namespace: shop, labels: {app: api}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: api, controller: true, uid: u}]}
      spec: {containers: [{name: c, image: i}]}
      """
      + made("apps/v1", "Deployment")
      + made("apps/v1", "StatefulSet")
      + made("apps/v1", "DaemonSet")
      + made("argoproj.io/v1alpha1", "Rollout");

  private static Answer ask(String question) {
    return Analysis.of(Manifests.read(Source.text("kinds.yaml", ALL)).cluster()).ask(question);
  }

  private static BadSentence mistake(String question) {
    return catchThrowableOfType(BadSentence.class, () -> ask(question));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pod/web | shop/web[Pod]",
        "pod web | shop/web[Pod]",
        "po/shop/web | shop/web[Pod]",
        "pods/web | shop/web[Pod]",
        "pod/web[Pod] | shop/web[Pod]",
        "pod/api-0 | shop/api-0",
        "deployment/web | shop/web[Deployment]",
        "deployments/web | shop/web[Deployment]",
        "deployment.apps/web | shop/web[Deployment]",
        "Deployment web | shop/web[Deployment]",
        "sts/web | shop/web[StatefulSet]",
        "statefulset.apps/shop/web | shop/web[StatefulSet]",
        "ds/web | shop/web[DaemonSet]",
        "rollout/web | shop/web[Rollout]",
        "rs/api | shop/api"
      })
  void aKindMeansThatKindOnly(String words, String name) {
    assertThat(ask("can " + words + " reach shop/only on 80").connections())
        .extracting(Connection::source)
        .containsExactly(name);
    assertThat(ask("can shop/only reach " + words + " on 80").connections())
        .extracting(Connection::destination)
        .containsExactly(name);
    assertThat(ask("what can " + words + " reach on 80").connections())
        .extracting(Connection::source)
        .containsOnly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "shop/web", "workload web", "workload/web"})
  void aNameAloneMeansAllThatHaveIt(String words) {
    assertThat(ask("can " + words + " reach shop/only on 80").connections())
        .extracting(Connection::source)
        .containsExactlyInAnyOrder(
            "shop/web[Pod]",
            "shop/web[Deployment]",
            "shop/web[StatefulSet]",
            "shop/web[DaemonSet]",
            "shop/web[Rollout]");
  }

  @Test
  void whereNoSuchKindHasTheNameItIsSaidWhichHas() {
    BadSentence job = mistake("can job/web reach shop/only on 80");
    assertThat(job.getMessage()).contains("no Job is named `web`");
    assertThat(job.hint().orElseThrow())
        .contains("a Deployment, `deployment/shop/web`")
        .contains("a Pod, `pod/shop/web`");
    assertThat(mistake("can deployment/only reach shop/api on 80").hint().orElseThrow())
        .isEqualTo("there is a Pod, `pod/shop/only`");
    assertThat(mistake("can pod/api reach shop/only on 80").hint().orElseThrow())
        .isEqualTo("there is a ReplicaSet, `replicaset/shop/api`");
    assertThat(mistake("can deployment/api-0 reach shop/only on 80").hint().orElseThrow())
        .isEqualTo("there is a Pod, `pod/shop/api-0`");
    assertThat(mistake("can deployment/webb reach shop/only on 80").getMessage())
        .contains("no Deployment is named `webb`")
        .contains("did you mean `shop/web`?");
  }

  @Test
  void anObjectOfTheKindThatIsLeftOutForItsErrorIsNamed() {
    String broken = ALL
        + made("apps/v1", "Deployment")
            .replace("name: web", "name: broken")
            .replace("containers: [{name: c, image: i}]", "containers: 7");
    BadSentence mistake = catchThrowableOfType(
        BadSentence.class,
        () -> Analysis.of(Manifests.read(Source.text("kinds.yaml", broken)).cluster())
            .ask("can deployment/broken reach shop/only on 80"));
    assertThat(mistake.getMessage()).contains("is left out for its error");
  }
}
