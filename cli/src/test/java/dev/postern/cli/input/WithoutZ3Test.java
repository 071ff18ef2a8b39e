package dev.postern.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine on which Z3's library cannot be loaded: here it finds no place to be unpacked to. */
class WithoutZ3Test {

  private static final String SHOP = "../examples/shop";
  private static final String NODE = "../examples/node";

  @TempDir
  private Path directory;

  private Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djava.io.tmpdir=" + directory.resolve("not-there"),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.postern.cli.Postern"));
    command.addAll(List.of(arguments));
    Path errors = directory.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out, java.nio.file.Files.readString(errors));
  }

  @Test
  void whatTheSetEngineAnswersItAnswers() throws IOException, InterruptedException {
    Run run = run("can", "shop/frontend", "reach", "shop/db", "on", "5432", "-f", SHOP);
    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).startsWith("allowed");
  }

  @Test
  void anOpenQuestionIsUnknownAndSaysWhatIsMissing() throws IOException, InterruptedException {
    Run run =
        run("can", "--open", "any pod in namespace monitoring reach shop/db on 5432", "-f", SHOP);
    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out())
        .startsWith("unknown: Z3 did not run: its native library for ")
        .contains("cannot be loaded", "not-there", "tools.aqua:z3-turnkey");
  }

  @Test
  void aProofBySetsStandsAndSaysThatZ3DidNotRun() throws IOException, InterruptedException {
    Run run = run(
        "prove",
        "-f",
        NODE + "/cluster.yaml",
        "--iptables-save",
        NODE + "/iptables-save.txt",
        "--ipset-save",
        NODE + "/ipset-save.txt");
    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).contains("by sets)", "note: Z3 did not run: its native library for ");
  }
}
