package dev.postern.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A repository holds variants and templates; what follows from that alone is not shown unless asked for. */
class RepositoryFindingsTest {

  private static final String TWO = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec: {ports: [{port: 80}]}
      """;

  private static List<Diagnostic> found(LintOptions options, Source... sources) {
    Loaded loaded = Manifests.read(List.of(sources), ReadOptions.DEFAULT.withKeepWritten(true));
    return Lint.ofReading(loaded, LintInput.of(loaded, options));
  }

  @Test
  void variantsInTwoFilesAreOneFindingForWhoAsks() {
    assertThat(found(
            LintOptions.DEFAULT, Source.text("dev/a.yaml", TWO), Source.text("prod/a.yaml", TWO)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.code()).isEqualTo(Code.DUPLICATE_OBJECT);
          assertThat(finding.severity()).isEqualTo(Severity.INFO);
          assertThat(finding.message()).endsWith("(and the same at 1 other place)");
        });
  }

  @Test
  void whoNamesNoNamespaceMeansTheDefaultOne() {
    String service =
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";
    assertThat(found(
            LintOptions.DEFAULT,
            Source.text("dev/a.yaml", service),
            Source.text(
                "prod/a.yaml", service.replace("{name: web}", "{name: web, namespace: default}"))))
        .singleElement()
        .extracting(Diagnostic::severity)
        .isEqualTo(Severity.INFO);
  }

  @Test
  void twiceInOneFileStaysAnError() {
    assertThat(found(LintOptions.DEFAULT, Source.text("dev/a.yaml", TWO + "---\n" + TWO)))
        .hasSize(2)
        .allMatch(Diagnostic::isError);
  }

  @Test
  void inAWholeClusterTwiceIsTwice() {
    assertThat(found(
            LintOptions.DEFAULT.withClosed(true),
            Source.text("dev/a.yaml", TWO),
            Source.text("prod/a.yaml", TWO)))
        .hasSize(2)
        .allMatch(Diagnostic::isError);
  }

  @Test
  void anErrorIsNoneOfWhatAToolFillsInFarBehindItInALongLine() {
    String line =
        "{apiVersion: v1, kind: List, items: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,"
            + " metadata: {name: a, namespace: shop}, spec: {podSelector: {}, policyTypes: [Inn]}},"
            + " {apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {note: %s}}}]}";

    assertThat(found(
            LintOptions.DEFAULT,
            Source.text("a.yaml", line.formatted("'" + "x".repeat(5_000) + " ${NAME}'"))))
        .anyMatch(Diagnostic::isError);
  }

  @Test
  void anEmptyFileAmongOthersIsMinor() {
    assertThat(found(
            LintOptions.DEFAULT, Source.text("a.yaml", TWO), Source.text("b.yaml", "# nothing\n")))
        .singleElement()
        .extracting(Diagnostic::severity)
        .isEqualTo(Severity.INFO);
  }

  @Test
  void aValueThatAToolFillsInIsMinorAndAWrongOneIsNot() {
    for (String name : List.of(
        "${NAME}",
        "$(name)",
        "($name)",
        "web-${NAME}",
        "\"{{ name }}\"",
        "(join('-', [$name, $suffix]))")) {
      assertThat(found(LintOptions.DEFAULT, Source.text("a.yaml", namespace(name))))
          .as(name)
          .isNotEmpty()
          .allMatch(finding -> finding.severity() == Severity.INFO);
    }
    assertThat(found(LintOptions.DEFAULT, Source.text("a.yaml", namespace("Not_A_Name"))))
        .anyMatch(finding -> finding.severity() != Severity.INFO);
  }

  @Test
  void capitalsAndBracketsThatStandForAValueAreFilledIn() {
    for (String name : List.of(
        "NAMESPACE",
        "NAME-schedule",
        "web-INSERT_NUMBER",
        "\"TEMP_NAME\"",
        "web-<host>",
        "_",
        "_ # put here")) {
      assertThat(found(LintOptions.DEFAULT, Source.text("a.yaml", namespace(name))))
          .as(name)
          .isNotEmpty()
          .allMatch(finding -> finding.severity() == Severity.INFO);
    }
    for (String name : List.of("PROD", "Name", "a_b", "<", "Shop # for NAME")) {
      assertThat(found(LintOptions.DEFAULT, Source.text("a.yaml", namespace(name))))
          .as(name)
          .anyMatch(finding -> finding.severity() != Severity.INFO);
    }
  }

  @Test
  void podsOfControllersInVariantsAreMinorToo() {
    String pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, controller: true}]}
        spec: {containers: [{name: c}]}
        """;
    assertThat(found(
            LintOptions.DEFAULT, Source.text("a/pods.yaml", pod), Source.text("b/pods.yaml", pod)))
        .singleElement()
        .extracting(Diagnostic::severity)
        .isEqualTo(Severity.INFO);
    Loaded both = Manifests.read(
        List.of(Source.text("a/pods.yaml", pod), Source.text("b/pods.yaml", pod)),
        ReadOptions.DEFAULT.withKeepWritten(true));
    assertThat(LintInput.of(both, LintOptions.DEFAULT).isMixed("shop")).isTrue();
  }

  @Test
  void theSameWordsInManyPlacesAreOneFinding() {
    StringBuilder text = new StringBuilder(TWO);
    for (int i = 0; i < 5; i++) {
      text.append("---\napiVersion: v1\nkind: Namespace\nmetadata: {name: Same}\n");
    }
    List<Diagnostic> names =
        found(LintOptions.DEFAULT, Source.text("a.yaml", text.toString())).stream()
            .filter(finding -> !finding.code().equals(Code.DUPLICATE_OBJECT))
            .toList();
    assertThat(names).singleElement().satisfies(finding -> {
      assertThat(finding.message()).endsWith("(and the same at 4 other places)");
      assertThat(finding.related()).hasSize(4);
    });
  }

  private static String namespace(String name) {
    return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n" + "---\n" + TWO;
  }
}
