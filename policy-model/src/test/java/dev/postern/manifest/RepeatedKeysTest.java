package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key that is written twice, wherever that is: the last one counts, as at the API server, and a warning says so. */
class RepeatedKeysTest {

  private static final String POLICY = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: a}
      spec: {podSelector: {}}
      """;

  private static Loaded read(String file, String text) {
    return Manifests.read(Source.text(file, text));
  }

  private static List<Integer> lines(Loaded loaded) {
    return loaded.diagnostics().stream()
        .filter(diagnostic -> diagnostic.code() == Code.REPEATED_KEY)
        .map(diagnostic -> diagnostic.origin().line())
        .toList();
  }

  @Test
  void aListMayHaveItemsTwice() {
    Loaded loaded = read("list.yaml", """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Pod, metadata: {name: x, namespace: a}}
        items:
        - {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: a}, spec: {podSelector: {}}}
        """);
    assertThat(lines(loaded)).containsExactly(5);
    assertThat(loaded.cluster().policies()).hasSize(1);
    assertThat(loaded.cluster().workloads()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"NetworkPolicy, ConfigMap, 0", "ConfigMap, NetworkPolicy, 1"})
  void theKindMayStandTwice(String first, String second, int policies) {
    Loaded loaded = read(
        "kind.yaml", POLICY.replace("kind: NetworkPolicy", "kind: " + first + "\nkind: " + second));
    assertThat(lines(loaded)).containsExactly(3);
    assertThat(loaded.cluster().policies()).hasSize(policies);
  }

  @Test
  void aListsOwnKeysBehindItsItemsAndThoseOfItsItemsAreToldOnce() {
    Loaded loaded = read("list.yaml", """
        apiVersion: v1
        kind: PodList
        items:
        - apiVersion: v1
          kind: Pod
          kind: Pod
          metadata: {name: x, namespace: a}
          spec: {containers: [{name: c, image: i}]}
        - apiVersion: v1
          kind: Event
          kind: Event
        kind: List
        """);
    assertThat(lines(loaded)).containsExactlyInAnyOrder(6, 11, 12);
  }

  @Test
  void templatesAndJsonAreReadTheSameWay() {
    assertThat(lines(read("template.yaml", """
        apiVersion: template.openshift.io/v1
        kind: Template
        objects: []
        objects:
        - {apiVersion: v1, kind: Namespace, metadata: {name: a, name: b}}
        """))).containsExactlyInAnyOrder(4, 5);
    Loaded json = read("list.json", """
        {"apiVersion": "v1", "kind": "List",
         "items": [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}],
         "items": []}
        """);
    assertThat(lines(json)).containsExactly(3);
    assertThat(json.cluster().namespaces()).isEmpty();
  }

  @Test
  void inAKindThatIsNotReadTheyAreToldToo() {
    assertThat(lines(read("map.yaml", """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: x}
        data:
          a: "1"
          a: "2"
        """))).containsExactly(6);
  }
}
