package dev.postern.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How every command finds its input, shown with {@code lint}. */
class ClusterInputTest {

  private static final String GOOD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec: {containers: [{name: web, image: web}]}
      """;

  private static final String SEED = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector:
          role: app
      """;

  @TempDir
  private Path home;

  @Test
  void standardInputIsADash() {
    Run run = Run.withInput(GOOD, "lint", "-f", "-");

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).startsWith("found nothing in 1 object;");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void filesDirectoriesAndStandardInputAddUp() throws IOException {
    Path file = Files.writeString(home.resolve("one.yaml"), GOOD);
    Path below = Files.createDirectories(home.resolve("more/below"));
    Files.writeString(below.resolve("two.yml"), GOOD.replace("name: web", "name: two"));

    Run run = Run.withInput(
        GOOD.replace("name: web", "name: three"),
        "lint",
        "-f",
        file.toString(),
        "-f",
        home.resolve("more").toString(),
        "-f",
        "-");

    assertThat(run.out()).startsWith("found nothing in 3 objects;");
  }

  @Test
  void forgottenMatchLabelsAreRefusedWithThePlaceAndTheFix() throws IOException {
    Path file = Files.writeString(home.resolve("db.yaml"), SEED);

    Run run = Run.of("lint", "-f", file.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains(file + ":6:5: error: ", "matchLabels", "role: app");
  }

  @Test
  void nothingToReadSaysHowToNameIt() {
    Run run = Run.of("lint");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo(
            "postern: error: nothing to read (hint: name manifests with -f, or a live cluster with --context)\n");
  }

  @Test
  void filesAndALiveClusterDoNotMix() {
    Run run = Run.of("lint", "-f", ".", "--context", "dev");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("both name a cluster");
  }

  @Test
  void aFileThatIsNotThereIsBadInput() {
    Run run = Run.of("lint", "-f", home.resolve("missing.yaml").toString());

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).contains("missing.yaml", "no such file");
  }

  @Test
  void theNamespaceOptionPlacesWhatNamesNone() {
    String twice = GOOD.replace(", namespace: shop", "") + "---\n"
        + GOOD.replace("namespace: shop", "namespace: other");

    assertThat(Run.withInput(twice, "lint", "-f", "-", "-n", "other").out())
        .contains("declared twice");
    assertThat(Run.withInput(twice, "lint", "-f", "-").status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void failFastStopsAtTheFirstError() {
    String two = SEED + "---\n" + SEED.replace("name: db", "name: web");

    assertThat(Run.withInput(two, "lint", "-f", "-").out()).contains("<stdin>:6:5", "<stdin>:13:5");
    assertThat(Run.withInput(two, "lint", "-f", "-", "--fail-fast").out())
        .contains("<stdin>:6:5")
        .doesNotContain("<stdin>:13:5");
  }
}
