package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code lint --render} reads what the user's tools render of charts and kustomizations. */
class LintRenderingTest extends LintedDirectory {

  private void tool(String name, String script) throws IOException {
    Path tool = file("bin/" + name, "#!/bin/sh\n" + script);
    assertThat(tool.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void chartsAndKustomizationsAreRenderedByTheUsersTools() throws IOException {
    file("chart/Chart.yaml", "name: c\n");
    file("chart/templates/np.yaml", "{{ x }}\n");
    file("overlay/kustomization.yaml", "resources: []\n");
    file("np.yaml", "{}");
    String policy = POLICIES.substring(0, POLICIES.indexOf("---"));
    tool(
        "helm",
        "[ \"$1 $3\" = 'template .' ] || exit 9\ncat <<'END'\n---\n# Source: c/templates/np.yaml\n"
            + policy + "END\n");
    tool("kustomize", "cat <<'END'\n" + policy.replace("name: a", "name: k") + "END\n");
    String path = directory.resolve("bin") + ":/bin:/usr/bin";

    Run run = withPath(path, "lint", directory.toString(), "--render", "--select", "NP203");

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .contains(directory.resolve("chart/templates/np.yaml") + " (rendered):9:")
        .contains(directory.resolve("overlay/kustomization.yaml") + " (rendered):7:");
    assertThat(run.err()).doesNotContain("not rendered");
  }

  @Test
  void aToolThatIsNotThereIsNamed() throws IOException {
    file("chart/Chart.yaml", "name: c\n");

    Run run = withPath("", "lint", directory.toString(), "--render");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("there is no `helm` on the PATH");
  }

  @Test
  void aChartThatIsNotRenderedIsAFindingAndTheRestIsLinted() throws IOException {
    file("bad/Chart.yaml", "name: bad\n");
    file("good/Chart.yaml", "name: good\n");
    file("np.yaml", "{}");
    String policy = POLICIES.substring(0, POLICIES.indexOf("---"));
    tool(
        "helm",
        "case $PWD in *bad) echo 'Error: values do not meet the schema' >&2; exit 1 ;; esac\ncat <<'END'\n---\n# Source: good/templates/np.yaml\n"
            + policy + "END\n");
    String path = directory.resolve("bin") + ":/bin:/usr/bin";

    Run run = withPath(path, "lint", directory.toString(), "--render");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out())
        .contains("values do not meet the schema", "NP101", "chart `" + directory.resolve("bad"))
        .contains("NP203", directory.resolve("good/templates/np.yaml") + " (rendered)");
    Run asked =
        withPath(path, "can", "internet", "reach", "a", "-f", directory.toString(), "--render");
    assertThat(asked.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(asked.err()).contains("values do not meet the schema");
  }
}
