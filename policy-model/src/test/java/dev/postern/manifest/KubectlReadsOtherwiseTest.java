package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kubectl reads otherwise than YAML 1.2 says is an error: the cluster would get something else than what was judged. */
class KubectlReadsOtherwiseTest {

  private static final String GOOD = "apiVersion: v1\nkind: Namespace\nmetadata: {name: good}\n";

  private static final String JSON =
      "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"%s\"}}\n";

  private static Loaded read(String text) {
    return Manifests.read(Source.text("x.yaml", text));
  }

  @ParameterizedTest
  @ValueSource(chars = {'\u0085', '\u2028', '\u2029'})
  void whatEndsALineForKubectlAlone(char separator) {
    Loaded loaded = read("spec:\n  # deny all" + separator + "  ingress: [{}]\n---\n" + GOOD);

    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(loaded.diagnostics().get(0).toString())
        .startsWith("x.yaml:2:13: error: this is not YAML: U+")
        .contains("ends a line for kubectl");
    assertThat(loaded.cluster().namespaces()).containsKey("good");
    assertThat(
            read(GOOD.replace("good}", "good, annotations: {a: \"\\u2028\"}}")).diagnostics())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"b: {x: 2, <<: *a}", "b: {<<: {x: 2}, <<: *a}"})
  void aMergeOfKeysThatAreThereBefore(String merge) {
    assertThat(read("a: &a {x: 1}\n" + merge).diagnostics().toString())
        .contains("x.yaml:2:", "`x` is there before this `<<`");
  }

  @Test
  void aMergeBeforeTheKeysThatItGivesOtherwiseIsNone() {
    assertThat(read(GOOD + "---\n"
                + GOOD.replace("{name: good}", "{<<: &a {name: x}, name: two}")
                    .replace("kind", "# kind\nkind"))
            .diagnostics())
        .isEmpty();
  }

  @Test
  void aSecondDocumentWithoutALineOfDashesBeforeIt() {
    String other = GOOD.replace("good", "other");

    Loaded loaded = read(GOOD + "\r---\r" + other);

    assertThat(loaded.cluster().namespaces()).containsKey("good").doesNotContainKey("other");
    assertThat(loaded.diagnostics().toString()).contains("kubectl does not read this document");
    assertThat(read(GOOD + "---\r\n" + other).cluster().namespaces()).containsKey("other");
    assertThat(read("%YAML 1.1\n---\n" + GOOD + "...\n# the end\n").diagnostics())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--- !!map", "--- {}", "--- |", "---text", "----", "---#x", "--- &a", "---a: b"})
  void aLineOfDashesWithMoreThanAComment(String line) {
    String other = GOOD.replace("good", "other");

    Loaded between = read(GOOD + line + "\n" + other);
    Loaded first = read("# first\n" + line + "\n" + other + "---\n" + GOOD);

    assertThat(between.diagnostics()).hasSize(1);
    assertThat(between.diagnostics().get(0).toString())
        .startsWith("x.yaml:4:" + (line.startsWith("--- ") ? 5 : 4) + ": error: ")
        .contains("kubectl takes nothing on the line of a `---`");
    assertThat(between.cluster().namespaces()).containsOnlyKeys("good");
    assertThat(first.diagnostics().toString()).contains("x.yaml:2:");
    assertThat(first.cluster().namespaces()).containsOnlyKeys("good");
  }

  @ParameterizedTest
  @ValueSource(strings = {"---", "--- ", "---\t", "---\r", "--- # the next"})
  void aLineOfDashesAlone(String line) {
    Loaded loaded = read(line + "\n" + GOOD + line + "\n" + GOOD.replace("good", "other"));

    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.cluster().namespaces()).containsOnlyKeys("good", "other");
  }

  /** kubectl 1.33 and newer read it, 1.30 to 1.32 end there with an error. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n ", "\ufeff"})
  void yamlBehindJson(String before) {
    Loaded loaded = read(before + JSON.formatted("good") + "---\n" + GOOD.replace("good", "other"));

    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(loaded.diagnostics().get(0).toString())
        .contains(": error: this is not YAML: kubectl before 1.33 reads nothing from here");
    assertThat(loaded.cluster().namespaces()).containsOnlyKeys("good");
    assertThat(read("---\n" + JSON.formatted("good") + "---\n" + GOOD.replace("good", "other"))
            .diagnostics())
        .isEmpty();
    assertThat(read("{kind: Namespace, apiVersion: v1, metadata: {name: a}}\n---\n" + GOOD)
            .diagnostics())
        .isEmpty();
    assertThat(read(JSON.formatted("good") + "---\n# the end\n").diagnostics()).isEmpty();
  }

  @Test
  void jsonBehindJson() {
    String two = JSON.formatted("good") + JSON.formatted("other");

    assertThat(read(two).diagnostics()).isEmpty();
    assertThat(read(two).cluster().namespaces()).containsOnlyKeys("good", "other");
    Loaded behind = read("---\n" + two);
    assertThat(behind.diagnostics()).hasSize(1);
    assertThat(behind.diagnostics().get(0).toString())
        .startsWith("x.yaml:3:1: error: ")
        .contains("kubectl reads one value of JSON behind `---`");
    assertThat(behind.cluster().namespaces()).containsOnlyKeys("good");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"foo.bar/v1/Bundle", "v1/ConfigMap", "networking.k8s.io/v1/NetworkPolicy"})
  void whatHasItemsIsAList(String of) {
    int slash = of.lastIndexOf('/');
    String list = "apiVersion: " + of.substring(0, slash) + "\nkind: " + of.substring(slash + 1)
        + "\nmetadata: {name: b, namespace: s}\nspec: {podSelector: {}}\nitems:";

    Loaded loaded = read(list + "\n- {apiVersion: v1, kind: Namespace, metadata: {name: good}}\n");

    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(loaded.diagnostics().get(0).toString())
        .startsWith(
            "x.yaml:5:1: error: kubectl takes a " + of.substring(slash + 1) + " with `items`");
    assertThat(loaded.cluster().namespaces()).containsKey("good");
    assertThat(loaded.cluster().policies()).isEmpty();
    for (String none : List.of(" []\n", " null\n", "\n")) {
      assertThat(read(list + none).diagnostics().toString()).contains("x.yaml:5:1: error: kubectl");
      assertThat(read(list + none).cluster().policies()).isEmpty();
    }
    assertThat(read(list + " {a: b}\n").diagnostics()).hasSize(2);
  }

  /** An item without a kind is of the list's, as kubectl takes it. */
  @Test
  void anItemWithoutAKindIsOfTheKindOfWhatHasItems() {
    Loaded loaded = read("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        items:
        - metadata: {name: b, namespace: s}
          spec: {podSelector: {}}
        """);

    assertThat(loaded.cluster().policies()).hasSize(1);
  }
}
