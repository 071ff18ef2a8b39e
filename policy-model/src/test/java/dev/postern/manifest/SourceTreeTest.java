package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.PassedOver.Renderer;
import dev.postern.manifest.PassedOver.SkipReason;
import dev.postern.manifest.PassedOver.Unrendered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories as they are: manifests among CI files, charts, kustomizations and what else ends in {@code .yaml}. */
class SourceTreeTest {

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec: {containers: [{name: c}]}
      """;

  @TempDir
  private Path directory;

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Loaded load() {
    return Manifests.load(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--- !!map\nkind: Pod\napiVersion: v1\nmetadata: {name: web}\nspec: {containers: [{name: c}]}\n",
        "--- &pod # it\nkind: Pod\napiVersion: v1\nmetadata: {name: web}\nspec: {containers: [{name: c}]}\n",
        "--- !!map {kind: Pod, apiVersion: v1, metadata: {name: web}, spec: {containers: [{name: c}]}}"
      })
  void aManifestThatKubectlDoesNotReadIsPassedOverByNobody(String text) throws IOException {
    file("web.yaml", text);

    Loaded loaded = load();

    assertThat(loaded.passedOver().files()).isEmpty();
    assertThat(loaded.diagnostics().toString())
        .contains("kubectl takes nothing on the line of a `---`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: Pod\rapiVersion: v1\rmetadata: {name: web}\rspec: {containers: [{name: c}]}\r",
        "!!map\nkind: Pod\napiVersion: v1\nmetadata: {name: web}\nspec: {containers: [{name: c}]}\n",
        "? kind\n: Pod\n? apiVersion\n: v1\n? metadata\n: {name: web}\n? spec\n: {containers: [{name: c}]}\n"
      })
  void aManifestIsReadInEveryFormThatYamlHasForIt(String text) throws IOException {
    file("web.yaml", text);

    Loaded loaded = load();

    assertThat(loaded.passedOver().files()).isEmpty();
    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.read()).containsEntry("Pod", 1);
  }

  @Test
  void aManifestInUtf16IsAFindingWithoutAByteOrderMarkToo() throws IOException {
    Files.writeString(directory.resolve("web.yaml"), POD, StandardCharsets.UTF_16LE);

    assertThat(load().diagnostics()).extracting(Diagnostic::code).containsExactly(Code.YAML_SYNTAX);
  }

  @ParameterizedTest
  @CsvSource({"gone,leads to nothing", ".,leads to a directory", "/dev/null,no regular file"})
  void whatHasAManifestsNameAndCannotBeReadIsAnError(String target, String problem)
      throws IOException {
    file("web.yaml", POD);
    Files.createSymbolicLink(directory.resolve("other.yaml"), Path.of(target));

    Loaded loaded = load();

    assertThat(loaded.diagnostics()).singleElement().satisfies(each -> {
      assertThat(each.code()).isEqualTo(Code.UNREADABLE);
      assertThat(each.message()).contains(problem);
    });
    assertThat(loaded.read()).containsEntry("Pod", 1);
  }

  private SkipReason reason(Loaded loaded, String name) {
    return loaded.passedOver().files().get(directory.resolve(name).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: ci\non: [push]\njobs: {}\n",
        "stages: [build]\nspec: {inputs: {}}\n",
        "{\"name\": \"x\", \"dependencies\": {\"kind\": \"1\", \"metadata\": {}}}",
        "{\n \"kind\": \"x\",\n \"scripts\": {\"apiVersion\": 1}\n}",
        "apiVersion: 1\ndatasources: []\n",
        "replicas: 2\nextra:\n  apiVersion: v1\n  kind: Pod\n",
        "- hosts: all\n  tasks: [x\n",
        "text: |\n  apiVersion: v1\n  kind: Pod\n",
        "[1, 2]"
      })
  void whatIsNoManifestIsPassedOver(String text) throws IOException {
    file("web.yaml", POD);
    file("other.yaml", text);

    Loaded loaded = load();

    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(reason(loaded, "other.yaml")).isEqualTo(SkipReason.NO_MANIFEST);
    assertThat(loaded.read()).containsEntry("Pod", 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\nkind: Pod\nmetadata: [\n",
        "kind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n",
        "apiVersion: networking.k8s.io/v1\nmetadata: {name: a}\nspec: {podSelector: {}}\n",
        "name: ci\n---\napiVersion: v1\nkind: Pod\n",
        "  apiVersion: v1\n  kind: Pod\n",
        "{apiVersion: v1, kind: Pod}",
        "--- {\"kind\": \"Pod\", 'apiVersion': v1}",
        "# a comment\n\"apiVersion\": v1\n'kind': Pod\n"
      })
  void aBrokenManifestIsAFinding(String text) throws IOException {
    file("web.yaml", POD);
    file("other.yaml", text);

    Loaded loaded = load();

    assertThat(loaded.hasErrors()).isTrue();
    assertThat(loaded.passedOver().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{- if .Values.x }}\napiVersion: v1\nkind: Pod\n{{- end }}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.x }}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-{{ .Values.x }}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"{{ .Values.x }}\"\n",
        "{% if x %}\napiVersion: v1\nkind: Pod\n{% endif %}\n"
      })
  void aTemplateIsPassedOver(String text) throws IOException {
    file("web.yaml", POD);
    file("other.yaml", text);

    Loaded loaded = load();

    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(reason(loaded, "other.yaml")).isEqualTo(SkipReason.TEMPLATE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    {{ x }}\n\n    {{ y }}\n  b: z\n",
        "apiVersion: x/v1\nkind: Rule\nspec:\n  text: \"{{ $labels.pod }} is down\"\n",
        "apiVersion: x/v1\nkind: Rule\nspec: # {{ x }}\n  a: 1\n"
      })
  void bracesInTextMakeNoTemplate(String text) throws IOException {
    file("other.yaml", text);

    Loaded loaded = load();

    assertThat(loaded.passedOver().isEmpty()).isTrue();
    assertThat(loaded.skipped()).hasSize(1);
  }

  @Test
  void aChartIsPassedOverAndNamedOnceWithItsParts() throws IOException {
    file("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
    file("chart/values-prod.yaml", "kind: Deployment\nmetadata: {}\n");
    file("chart/templates/a/plain.yaml", POD);
    file("chart/charts/sub/Chart.yaml", "name: s\n");
    file("chart/crds/web.yaml", POD);

    Loaded loaded = load();

    assertThat(loaded.passedOver().unrendered())
        .containsExactly(new Unrendered(directory.resolve("chart").toString(), Renderer.HELM));
    assertThat(loaded.passedOver().files().values())
        .containsExactly(SkipReason.CHART, SkipReason.CHART, SkipReason.TEMPLATE, SkipReason.CHART);
    assertThat(loaded.read()).containsEntry("Pod", 1);
  }

  @Test
  void aKustomizationsPatchesArePassedOverAndItsResourcesAreRead() throws IOException {
    file("base/kustomization.yaml", "resources: [web.yaml]\n");
    file("base/web.yaml", POD);
    file("overlay/kustomization.yml", """
        resources: [../base]
        patches: [{path: patch.yaml}, {patch: "- op: add\\n"}]
        patchesStrategicMerge: [old.yaml]
        configMapGenerator: [{name: x, files: [key=pod.yaml]}]
        """);
    file("overlay/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n");
    file("overlay/old.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n");
    file("overlay/pod.yaml", POD);

    Loaded loaded = load();

    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.read()).containsEntry("Pod", 1).hasSize(1);
    assertThat(loaded.passedOver().files())
        .hasSize(5)
        .allSatisfy((name, reason) -> assertThat(reason).isEqualTo(SkipReason.KUSTOMIZATION));
    assertThat(loaded.passedOver().unrendered())
        .extracting(Unrendered::directory)
        .containsExactly(directory.resolve("overlay").toString());
  }

  @Test
  void whatWillBeRenderedIsNotReadAsItIs() throws IOException {
    file("base/kustomization.yaml", "resources: [web.yaml]\n");
    file("base/web.yaml", POD);
    file("chart/Chart.yaml", "name: c\n");
    file("chart/crds/web.yaml", POD);
    file("other.yaml", POD);

    SourceTree tree =
        SourceTree.of(directory, path -> false, new SourceTree.TreeScope(true, false));

    assertThat(tree.sources())
        .extracting(Source::name)
        .containsExactly(directory.resolve("other.yaml").toString());
    assertThat(tree.passedOver().unrendered()).hasSize(2);
  }

  @Test
  void excludedFilesAreCounted() throws IOException {
    file("web.yaml", POD);
    file("vendor/web.yaml", POD);

    SourceTree tree = SourceTree.of(
        directory, path -> path.startsWith(directory.resolve("vendor")), SourceTree.TreeScope.ALL);

    assertThat(tree.sources()).hasSize(1);
    assertThat(tree.passedOver().files()).containsValue(SkipReason.EXCLUDED);
  }

  @Test
  void filesOfTestsAreLeftAloneBelowADirectoryWhereThatIsWanted() throws IOException {
    file("web.yaml", POD);
    for (String path : new String[] {
      "testdata/web.yaml", "a/tests/b/web.yaml", "vendor/x/web.yaml", "steps/01-assert.yaml"
    }) {
      file(path, POD);
    }
    file("overlays/test/web.yaml", POD);
    file("tests.yaml", POD);
    SourceTree.TreeScope withoutTests = new SourceTree.TreeScope(false, true);

    SourceTree tree = SourceTree.of(directory, path -> false, withoutTests);

    assertThat(tree.sources())
        .extracting(Source::name)
        .containsExactly(
            directory.resolve("overlays/test/web.yaml").toString(),
            directory.resolve("tests.yaml").toString(),
            directory.resolve("web.yaml").toString());
    assertThat(tree.passedOver().files()).hasSize(4).containsValue(SkipReason.TEST);
    assertThat(SourceTree.of(directory.resolve("a/tests"), path -> false, withoutTests)
            .sources())
        .hasSize(1);
    assertThat(SourceTree.of(directory).sources()).hasSize(7);
  }

  @Test
  void aFileThatIsNamedIsReadWhateverItLooksLike() throws IOException {
    Path values = file("values.yaml", "replicas: 2\n");

    assertThat(Manifests.load(values).diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly(Code.NOT_AN_OBJECT);
  }

  @Test
  void aDirectoryWithoutAnyManifestIsAnError() throws IOException {
    file("chart/Chart.yaml", "name: c\n");
    file("values.yaml", "replicas: 2\n");

    assertThat(load().diagnostics())
        .extracting(Diagnostic::code)
        .isEqualTo(List.of(Code.NOTHING_TO_READ));
  }

  @Test
  void thatNothingIsReadIsSaidOfWhereAllOfItLies() throws IOException {
    String definition =
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n";
    file("config/crd/bases/a.yaml", definition);
    assertThat(places(load())).containsExactly(directory + "/config/crd/bases/a.yaml:1:1");

    file("config/crd/bases/b.yaml", definition);
    assertThat(places(load())).containsExactly(directory + "/config/crd/bases");

    file("config/samples/c.yaml", definition);
    assertThat(places(load())).containsExactly(directory + "/config");
  }

  @Test
  void thatNothingIsReadIsSaidOfNoPlaceWhereSourcesHaveNothingInCommon() {
    Loaded loaded = Manifests.read(Source.text("a.yaml", ""), Source.text("b.yaml", ""));
    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(places(loaded)).containsExactly("");
  }

  private static List<String> places(Loaded loaded) {
    return loaded.diagnostics().stream()
        .filter(diagnostic -> diagnostic.code() == Code.NOTHING_TO_READ)
        .map(diagnostic -> diagnostic.origin().toString())
        .toList();
  }
}
