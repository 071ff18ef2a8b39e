package dev.postern.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Z3 does not decide within its limits is unknown wherever it may be asked: its own verdict, and exit status 3. */
class SolverOptionsTest {

  private static final String SHOP = "../examples/shop";
  private static final String NODE = "../examples/node";
  private static final String QUESTION = "any pod in namespace monitoring reach shop/db on 5432";

  @TempDir
  private Path directory;

  @Test
  void anOpenQuestionThatTakesTooManyStepsIsUnknown() {
    Run run = Run.of("can", "--open", QUESTION, "-f", SHOP, "--rlimit", "1");
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).startsWith("unknown: Z3 gave up within 30000 ms and 1 steps");
    assertThat(Run.of("can", "--open", QUESTION, "-f", SHOP, "--rlimit", "1", "-o", "json")
            .out()
            .replaceAll("\\s", ""))
        .contains("\"verdict\":\"unknown\"", "\"reason\":\"Z3gaveup");
  }

  @Test
  void soIsWhyItCanNeverBe() {
    Run run = Run.of("why", "--open", QUESTION, "-f", SHOP, "--rlimit", "1");
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).startsWith("unknown: Z3 gave up");
  }

  @Test
  void aGuaranteeThatTakesTooManyStepsIsNeitherKeptNorBroken() throws IOException {
    Path spec = Files.writeString(
        directory.resolve("never.postern"),
        "shop/frontend can reach shop/db on 5432\nnamespace monitoring can never reach shop/db on 5432\n");
    Run run = Run.of("test", spec.toString(), "-f", SHOP, "--rlimit", "1");
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("ok    ", "????  ", "1 hold, 0 fail");
    assertThat(Run.of("test", spec.toString(), "-f", SHOP, "--timeout", "60").status())
        .isEqualTo(ExitStatus.YES);
  }

  @Test
  void aProofByZ3AloneThatTakesTooManyStepsIsUnknownAndSaysWhich() {
    Run run = prove("--by", "z3", "--rlimit", "1");
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).startsWith("unknown: ").contains("question ipv4-new: Z3 gave up");
  }

  @Test
  void aProofThatOnlyOneWayCameToAnEndWithNamesThatWay() {
    Run run = prove("--by", "both", "--rlimit", "1");
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).contains("by sets)", "Z3 gave up");
  }

  @Test
  void aLimitThatIsNoneIsBadUsage() {
    for (String option : new String[] {"--timeout", "--rlimit"}) {
      Run run = Run.of("can", "--open", QUESTION, "-f", SHOP, option, "0");
      assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(run.err()).contains(option + " takes at least 1");
    }
  }

  private static Run prove(String... more) {
    String[] all = {
      "prove",
      "-f",
      NODE + "/cluster.yaml",
      "--iptables-save",
      NODE + "/iptables-save.txt",
      "--ipset-save",
      NODE + "/ipset-save.txt"
    };
    String[] arguments = java.util.Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, arguments, all.length, more.length);
    return Run.of(arguments);
  }
}
