package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code lint} reads, and what its exit status says. */
class LintCommandTest {

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      """;

  @TempDir
  private Path directory;

  private void file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aTreeWithChartsAndCiFilesIsCleanAndSaysWhatIsSkipped() throws IOException {
    file("web.yaml", POD);
    file(".github/ci.yml", "name: ci\non: [push]\n");
    file("chart/Chart.yaml", "apiVersion: v2\nname: c\n");
    file("chart/templates/np.yaml", "{{- if .Values.policy }}\nkind: NetworkPolicy\n{{- end }}\n");

    Run run = Run.of("lint", directory.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.err())
        .isEqualTo("postern: 3 files skipped: 1 no manifest, 1 file of a chart, 1 template; chart "
            + directory.resolve("chart") + " not rendered (use --render)\n");
  }

  @Test
  void otherCommandsSayItToo() throws IOException {
    file("web.yaml", POD);
    file("chart/Chart.yaml", "apiVersion: v2\nname: c\n");

    Run run = Run.of("connectivity", "-f", directory.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.err()).contains("1 file skipped").contains("not rendered");
  }

  @Test
  void whatTheApiRefusesIsAFinding() throws IOException {
    file("np.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n");

    assertThat(Run.of("lint", "-f", directory.toString()).status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void brokenYamlOfAManifestIsAFinding() throws IOException {
    file("np.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: [\n");

    assertThat(Run.of("lint", directory.toString()).status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void aFileThatIsNotThereIsABrokenRun() throws IOException {
    file("web.yaml", POD);

    Run run = Run.of(
        "lint", directory.toString(), "-f", directory.resolve("gone.yaml").toString());

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).contains("NP101");
  }

  @Test
  void thePageOfACodeIsPrintedWithoutReadingAnything() {
    Run run = Run.of("lint", "--explain", "np313");
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("# NP313").contains("## Silence");
    assertThat(Run.of("lint", "--explain", "NP999").status()).isEqualTo(2);
    assertThat(Run.of("lint", "--explain", "../x").err()).contains("`../x` is no code");
  }
}
