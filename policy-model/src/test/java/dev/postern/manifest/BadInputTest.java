package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {

  private static final String GOOD = "apiVersion: v1\nkind: Namespace\nmetadata: {name: good}\n";

  @TempDir
  Path directory;

  private static Loaded read(String text) {
    return Manifests.read(Source.text("x.yaml", text));
  }

  /** The one thing that is wrong, while the good document behind it was read. */
  private static Diagnostic onlyProblem(String bad) {
    Loaded loaded = read(bad + "\n---\n" + GOOD);
    assertThat(loaded.cluster().namespaces()).containsKey("good");
    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(loaded.explain(loaded.diagnostics().get(0))).doesNotContain("Exception");
    return loaded.diagnostics().get(0);
  }

  @Test
  void truncatedYamlIsReportedWhereItBeganAndTheRestIsRead() {
    assertThat(onlyProblem("apiVersion: v1\nkind: Pod\nmetadata: {name: [a, b"))
        .hasToString(
            "x.yaml:3:18: error: this is not YAML: while parsing a flow sequence, expected ',' or ']',"
                + " but got <stream end> [NP103]");
  }

  @Test
  void aTabForIndentationIsNamed() {
    Diagnostic problem = onlyProblem("apiVersion: v1\nmetadata:\n\tname: x");
    assertThat(problem.code()).isEqualTo(Code.YAML_SYNTAX);
    assertThat(problem.hint()).isEqualTo("indent with spaces");
    assertThat(problem.origin().line()).isEqualTo(3);
  }

  @Test
  void anUnrenderedTemplateIsNamed() {
    assertThat(onlyProblem("metadata: {{ .Values.name }}").hint()).contains("rendered");
  }

  @Test
  void aNulByteIsReportedWithItsPlace() {
    Diagnostic problem = onlyProblem("kind: a\nmetadata: b\u0000c");
    assertThat(problem.code()).isEqualTo(Code.YAML_SYNTAX);
    assertThat(problem.message()).contains("U+0000");
    assertThat(problem.origin().line()).isEqualTo(2);
    assertThat(problem.origin().column()).isEqualTo(12);
  }

  @Test
  void textThatIsNotUtf8IsReportedWithItsPlace() {
    byte[] latin = (GOOD + "# caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1);
    Diagnostic problem =
        Manifests.read(Source.bytes("x.yaml", latin)).diagnostics().get(0);
    assertThat(problem)
        .hasToString("x.yaml:4:6: error: the text is not UTF-8: the byte 0xE9 does not belong here"
            + " (hint: save the file as UTF-8) [NP102]");
    byte[] utf16 = GOOD.getBytes(StandardCharsets.UTF_16);
    assertThat(
            Manifests.read(Source.bytes("x.yaml", utf16)).diagnostics().get(0).message())
        .contains("UTF-16");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() {
    Diagnostic problem =
        Manifests.read(Source.text("x.json", "\uFEFF{\"a\" 1}")).diagnostics().get(0);
    assertThat(problem.code()).isEqualTo(Code.JSON_SYNTAX);
    assertThat(problem.origin().column()).isEqualTo(6);
  }

  @Test
  void aReplacementCharacterThatWasWrittenIsNoMistake() {
    assertThat(read(GOOD + "# \uFFFD\n").diagnostics()).isEmpty();
  }

  @Test
  void anAliasBombIsALimit() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      for (int j = 0; j < 9; j++) {
        bomb.append("*a").append(i - 1).append(j < 8 ? "," : "]\n");
      }
    }
    Diagnostic problem = onlyProblem(bomb.toString());
    assertThat(problem.code()).isEqualTo(Code.LIMIT);
    assertThat(problem.message()).contains("aliases");
  }

  @Test
  void mergesOfMergesAreCountedToo() {
    StringBuilder bomb = new StringBuilder("a0: &a0 {k0: v}\n");
    for (int i = 1; i < 3000; i++) {
      bomb.append("a")
          .append(i)
          .append(": &a")
          .append(i)
          .append(" {<<: *a")
          .append(i - 1)
          .append(", k")
          .append(i)
          .append(": v}\n");
    }
    assertThat(onlyProblem(bomb.toString()).code()).isEqualTo(Code.LIMIT);
  }

  @Test
  void anAliasWithoutAnAnchorOrInsideItselfIsRefused() {
    assertThat(onlyProblem("a: *b").message()).contains("`*b` has no `&b` before it");
    assertThat(onlyProblem("a: &b [*b]").message()).contains("contains itself");
  }

  @Test
  void tenThousandBracketsAreALimit() {
    assertThat(onlyProblem("a: " + "[".repeat(10_000)).code()).isEqualTo(Code.LIMIT);
    assertThat(onlyProblem("a:\n " + "- ".repeat(10_000) + "x").code()).isEqualTo(Code.LIMIT);
    Loaded json = Manifests.read(Source.text("x.json", "{\"a\": " + "[".repeat(10_000)));
    assertThat(json.diagnostics()).extracting(Diagnostic::code).containsExactly(Code.LIMIT);
  }

  @Test
  void tenMegabytesInOneDocumentAreRead() {
    StringBuilder list = new StringBuilder("apiVersion: v1\nkind: List\nitems:\n");
    int count = 0;
    while (list.length() < 10_000_000) {
      list.append("- apiVersion: v1\n  kind: Namespace\n  metadata:\n    name: ns-")
          .append(count++)
          .append("\n    annotations:\n")
          .append("      text: ")
          .append("x".repeat(2000))
          .append('\n');
    }
    Loaded loaded = read(list.toString());
    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.cluster().namespaces()).hasSize(count);
  }

  @Test
  void aSourceAboveTheLimitIsSaidToBe() {
    ReadOptions options = ReadOptions.DEFAULT.withLimits(new ReadLimits(50, 100, 100));
    Loaded loaded = Manifests.read(List.of(Source.text("x.yaml", GOOD + GOOD)), options);
    assertThat(loaded.diagnostics())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "x.yaml: error: `x.yaml` is too large: it is larger than 50 bytes [NP105]");
  }

  @Test
  void emptyInputIsNothingToRead() {
    for (String empty :
        List.of("", "\n", "---\n", "# only a comment\n", "---\n---\n", "\uFEFF", "null")) {
      Loaded loaded = read(empty);
      assertThat(loaded.diagnostics())
          .as("'%s'", empty)
          .extracting(Diagnostic::code)
          .containsExactly(Code.NOTHING_TO_READ);
    }
    Loaded one = Manifests.read(Source.text("a.yaml", ""), Source.text("b.yaml", GOOD));
    assertThat(one.diagnostics()).extracting(Diagnostic::code).containsExactly(Code.EMPTY_SOURCE);
  }

  @Test
  void aScalarOrAListIsNoObject() {
    assertThat(onlyProblem("just text").code()).isEqualTo(Code.NOT_AN_OBJECT);
    assertThat(onlyProblem("- a\n- b").code()).isEqualTo(Code.NOT_AN_OBJECT);
    assertThat(onlyProblem("kind: 5").hint()).isEqualTo("a kind is a string");
    assertThat(onlyProblem("Kind: Pod\napiVersion: v1").hint())
        .isEqualTo("did you mean `kind` by `Kind`?");
  }

  @Test
  void whatHelmAndKustomizeTakeIsToldFromManifests() {
    assertThat(Manifests.read(Source.text("chart/values.yaml", "image: x\n"))
            .diagnostics()
            .get(0)
            .hint())
        .contains("helm template");
    assertThat(Manifests.read(Source.text("kustomization.yaml", "resources: [x]\n"))
            .diagnostics()
            .get(0)
            .hint())
        .contains("kustomize build");
  }

  @Test
  void sameObjectTwiceNamesBothPlacesAndTheLaterOneWins() {
    Loaded loaded = read(GOOD + "---\n" + GOOD.replace("good}", "good, labels: {a: b}}"));
    assertThat(loaded.diagnostics())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "x.yaml:5:1: error: Namespace good is declared twice; the first is at x.yaml:1:1"
                + " (hint: a cluster would keep the later one) [NP108]");
    assertThat(loaded.cluster().namespace("good").labels().get("a")).hasValue("b");
  }

  @Test
  void whatCannotBeOpenedIsSaidAndTheRestIsRead() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), GOOD);
    Loaded loaded =
        Manifests.load(directory.resolve("missing.yaml"), file.resolve("no-directory"), file);
    assertThat(loaded.diagnostics()).hasSize(2).allMatch(d -> d.code() == Code.UNREADABLE);
    assertThat(loaded.diagnostics())
        .extracting(Diagnostic::message)
        .anyMatch(m -> m.contains("there is no such file"));
    assertThat(loaded.cluster().namespaces()).containsKey("good");
  }

  @Test
  void aStreamThatBreaksIsReported() {
    InputStream broken = new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("the pipe broke");
      }
    };
    assertThat(Manifests.read(Source.stream("<stdin>", broken)).diagnostics())
        .extracting(Diagnostic::toString)
        .containsExactly("<stdin>: error: cannot read `<stdin>`: the pipe broke [NP101]");
  }

  @Test
  void aDirectoryIsReadRecursivelyAndOnlyItsManifests() throws IOException {
    Files.createDirectories(directory.resolve("a/b"));
    Files.writeString(directory.resolve("a/b/x.yml"), GOOD);
    Files.writeString(
        directory.resolve("a/y.json"),
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"j\"}}");
    Files.writeString(directory.resolve("a/README.md"), "not: [yaml");
    Loaded loaded = Manifests.load(directory);
    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.cluster().namespaces()).containsOnlyKeys("good", "j");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThat(Manifests.load(empty).diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly(Code.NOTHING_TO_READ);
  }

  @Test
  void aListWithoutItemsOrWithAStrangeFieldIsNoSilence() {
    assertThat(onlyProblem("apiVersion: v1\nkind: List\n").message())
        .isEqualTo("a List needs `items`");
    assertThat(onlyProblem("apiVersion: v1\nkind: PodList\n").message())
        .isEqualTo("a PodList needs `items`");
    assertThat(read("apiVersion: v1\nkind: List\nitem: []\n").diagnostics())
        .extracting(Diagnostic::hint)
        .contains("did you mean `items`?");
    assertThat(read("apiVersion: v1\nkind: List\nitems:\n---\n" + GOOD).diagnostics())
        .isEmpty();
  }

  @Test
  void aFieldWrittenTwiceInAListCountsAgainstItsItemAlone() {
    Loaded loaded = read("apiVersion: v1\nkind: List\nitems:\n- "
        + GOOD.replace("good", "a").indent(2).strip() + "\n- "
        + GOOD.replace("good}", "b, name: c}").indent(2).strip() + "\n- "
        + GOOD.indent(2).strip() + "\n");
    assertThat(loaded.cluster().namespaces()).containsOnlyKeys("a", "c", "good");
    assertThat(loaded.diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly(Code.REPEATED_KEY);
  }

  @Test
  void aMistakeMadeAMillionTimesIsNotListedAMillionTimes() {
    StringBuilder labels =
        new StringBuilder("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n  labels:\n");
    for (int i = 0; i < 200_000; i++) {
      labels.append("    bad key ").append(i).append(": bad value!\n");
    }
    Loaded loaded = read(labels + "---\n" + GOOD);
    assertThat(loaded.diagnostics()).hasSize(101);
    assertThat(loaded.diagnostics()).extracting(Diagnostic::code).containsOnlyOnce(Code.LIMIT);
    assertThat(loaded.cluster().namespaces()).containsOnlyKeys("good");
  }

  @Test
  void aKeyWrittenAHundredThousandTimesIsFoundOutQuickly() {
    StringBuilder labels =
        new StringBuilder("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n  labels:\n");
    for (int i = 0; i < 100_000; i++) {
      labels.append("    k").append(i).append(": v\n");
    }
    labels.append("    k99999: v\n".repeat(100_000));
    assertThat(read(labels.toString()).diagnostics()).hasSize(101);
  }

  @Test
  void aScalarOfAHundredThousandLinesIsOneScalar() {
    Loaded loaded =
        read("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: good\n  annotations:\n    a: x\n"
            + "      some more words\n".repeat(100_000));
    assertThat(loaded.diagnostics()).isEmpty();
  }

  @Test
  void aMessageIsOneLineHoweverLongTheTextItIsAbout() {
    Diagnostic problem = read(GOOD.replace("good", "\"" + "a\\n".repeat(5000) + "\""))
        .diagnostics()
        .get(0);
    assertThat(problem.message()).hasSizeLessThan(500).doesNotContain("\n");
  }

  @Test
  void aLinkToADirectoryIsFollowedAndLinksInsideAreNot() throws IOException {
    Path real = Files.createDirectory(directory.resolve("real"));
    Files.writeString(real.resolve("x.yaml"), GOOD);
    Files.createSymbolicLink(real.resolve("again"), real);
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    Loaded loaded = Manifests.load(link);
    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.cluster().namespace("good").origin().file())
        .isEqualTo(link.resolve("x.yaml").toString());
  }

  @Test
  void failFastStopsAtTheFirstDocumentWithAnError() {
    ReadOptions options = ReadOptions.DEFAULT.withFailFast(true);
    String bad = "apiVersion: v1\nkind: Namespace\nmetadata: {nam: a}\n";
    Loaded loaded = Manifests.read(
        List.of(Source.text("x.yaml", bad + "---\n" + bad + "---\n" + GOOD)), options);
    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(loaded.cluster().namespaces()).isEmpty();
  }

  @Test
  void aLinkThatLeadsNowhereIsAnErrorAndMayHoldAPolicy() throws IOException {
    Files.writeString(directory.resolve("x.yaml"), GOOD);
    Files.createSymbolicLink(directory.resolve("gone.yaml"), Path.of("nowhere.yaml"));
    Files.createSymbolicLink(directory.resolve("gone.txt"), Path.of("nowhere.txt"));

    Loaded loaded = Manifests.load(directory);

    assertThat(loaded.diagnostics()).singleElement().satisfies(problem -> {
      assertThat(problem.code()).isEqualTo(Code.UNREADABLE);
      assertThat(problem.toString()).contains("gone.yaml");
    });
    assertThat(loaded.cluster().unread()).hasSize(1);
  }

  @Test
  void aMountedConfigMapIsReadOnce() throws IOException {
    Path version = Files.createDirectory(directory.resolve("..2026_01_01_00_00_00.7"));
    Files.writeString(version.resolve("x.yaml"), GOOD);
    Files.createSymbolicLink(directory.resolve("..data"), version.getFileName());
    Files.createSymbolicLink(directory.resolve("x.yaml"), Path.of("..data", "x.yaml"));

    Loaded loaded = Manifests.load(directory);

    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.cluster().namespace("good").origin().file())
        .isEqualTo(directory.resolve("x.yaml").toString());
  }

  @Test
  void aNumberOfManyDigitsIsRefusedWhereItStands() {
    String json = """
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p"},
         "spec": {"podSelector": {}, "ingress": [{"ports": [
           {"port": %s}]}]}}
        """.formatted("9".repeat(2_000));

    Diagnostic found = Manifests.read(Source.text("x.json", json)).diagnostics().get(0);

    assertThat(found.toString()).startsWith("x.json:3:").doesNotContain("StreamReadConstraints");
    assertThat(found.isError()).isTrue();
  }
}
