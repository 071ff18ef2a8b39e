package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kubectl reads otherwise than YAML 1.2 says is an error: the cluster would get something else than what was judged. */
class KubectlReadsOtherwiseTest {

  private static final String GOOD = "apiVersion: v1\nkind: Namespace\nmetadata: {name: good}\n";

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
}
