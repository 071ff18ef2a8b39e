package dev.postern.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import dev.postern.deadline.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that runs out of time says that it does not know, wherever it is by then. The clocks of these tests count looks at them. */
class TimeLimitTest {

  /** What passes from one look to the next: long enough for Z3, which has a clock of its own. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private static final String SHOP = "../examples/shop";
  private static final String NODE = "../examples/node";
  private static final String QUESTION = "any pod in namespace monitoring reach shop/db on 5432";

  private static final String[] PROVE = {
    "prove",
    "-f",
    NODE + "/cluster.yaml",
    "--iptables-save",
    NODE + "/iptables-save.txt",
    "--ipset-save",
    NODE + "/ipset-save.txt"
  };

  @TempDir
  private Path directory;

  /** The run of a command whose time is over after so many looks at the clock. */
  private static Run after(long looks, String... arguments) {
    AtomicLong clock = new AtomicLong();
    return Deadline.after(LOOK.multipliedBy(looks), () -> clock.getAndAdd(LOOK.toNanos()))
        .during(() -> Run.of(arguments));
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"can", "why"})
  void aQuestionIsUnknown(String command) {
    Run run = after(0, command, "--open", QUESTION, "-f", SHOP);
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).startsWith("unknown: it was not decided within ").contains("--timeout");
    assertThat(after(0, command, "--open", QUESTION, "-f", SHOP, "-o", "json").out())
        .contains("\"verdict\" : \"unknown\"", "it was not decided within");
  }

  @ParameterizedTest
  @CsvSource({"text, unknown: it was", "json, '\"verdict\" : \"unknown\"'"})
  void aDifferenceIsUnknown(String format, String says) {
    for (String[] command : new String[][] {{"diff"}, {"diff", "--open"}, {"review"}}) {
      Run run = after(0, with(command, SHOP, SHOP, "-o", format));
      assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
      assertThat(run.out()).contains(says);
    }
  }

  /** Whoever reads the output alone, a comment or a page, must not take it for a change without effect. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "diff|md|**unknown**: it was not decided within",
        "diff|html|<strong>unknown</strong>: it was not decided within",
        "diff|dot|label=\"unknown: it was not decided within",
        "review|md|**unknown**: it was not decided within",
        "review|github|::error title=unfinished::unknown: it was not decided within"
      })
  void everyFormatOfDifferencesSaysThatTheyAreNotWhole(String command, String format, String says) {
    for (long looks : new long[] {0, 20}) {
      Run run = after(looks, command, SHOP, SHOP, "-o", format);
      assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
      assertThat(run.out()).contains(says).doesNotContain("opened", "No traffic");
      assertThat(run.err()).contains("postern: unknown: it was not decided within ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "connectivity, table",
    "connectivity, md",
    "connectivity, html",
    "connectivity, dot",
    "exposure, table",
    "exposure, md"
  })
  void matricesSayThatTheyAreNotWhole(String command, String format) {
    Run run = after(0, command, "-f", SHOP, "-o", format);
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("unknown", "it was not decided within");
  }

  @Test
  void findingsOfWhichSomeMayBeMissingAreNotPrinted() {
    Run whole = Run.of("lint", SHOP, "-o", "sarif");
    assertThat(whole.status()).isNotEqualTo(ExitStatus.UNDECIDED);
    for (long looks : new long[] {0, 30}) {
      Run run = after(looks, "lint", SHOP, "-o", "sarif");
      assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
      assertThat(run.out())
          .contains(
              "\"executionSuccessful\" : false", "\"exitCode\" : 3", "it was not decided within")
          .doesNotContain("\"results\"");
      assertThat(run.err()).contains("postern: unknown: it was not decided within ");
    }
    assertThat(Run.of("lint", SHOP, "--timeout", "600", "-o", "sarif").out())
        .isEqualTo(whole.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "junit|errors=\"1\"",
        "gitlab|\"severity\" : \"blocker\"",
        "github|::error title=unfinished::unknown: it was not decided within",
        "checkstyle|severity=\"error\" message=\"unknown: it was not decided within",
        "md|**unknown**: it was not decided within",
        "json|\"verdict\" : \"unknown\"",
        "text|unknown: it was not decided within"
      })
  void everyFormatOfFindingsSaysThatTheyAreNotWhole(String format, String says) {
    Run run = after(0, "lint", SHOP, "-o", format);
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains(says, "it was not decided within");
  }

  @Test
  void reportsOfStatementsSayThatTheyAreNotWhole() {
    String spec = SHOP + "/shop.postern";
    assertThat(after(0, "test", spec, "-f", SHOP, "-o", "tap").out())
        .contains("Bail out! unknown: it was not decided within");
    assertThat(after(0, "test", spec, "-f", SHOP, "-o", "junit").out())
        .contains("errors=\"1\"", "<error message=\"it was not decided within");
  }

  @Test
  void aStatementIsNeitherKeptNorBroken() throws IOException {
    Path spec = Files.writeString(
        directory.resolve("shop.postern"),
        "shop/frontend can reach shop/db on 5432\nnamespace monitoring can never reach shop/db on 5432\n");
    long looks = 0;
    Run run = after(looks, "test", spec.toString(), "-f", SHOP);
    while (run.out().startsWith("unknown: ")) {
      run = after(++looks, "test", spec.toString(), "-f", SHOP);
    }
    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("????  ", "it was not decided within");
  }

  /** Wherever a proof is cut, it is never a yes or a no that the whole one is not. */
  @ParameterizedTest
  @ValueSource(strings = {"sets", "z3", "both"})
  void aProofIsUnknownUntilItIsWhole(String way) {
    int unknown = 0;
    long looks = 0;
    Run run = after(looks, with(PROVE, "--by", way));
    while (run.status() == ExitStatus.UNDECIDED) {
      assertThat(run.out()).startsWith("unknown: ").contains("it was not decided within");
      unknown++;
      looks += 1 + looks / 8;
      run = after(looks, with(PROVE, "--by", way));
    }
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).startsWith("proved for what was read alone: ");
    assertThat(unknown).isGreaterThan(10);
  }

  @Test
  void aProofInJsonSaysWhyItIsUnknown() {
    for (long looks : new long[] {0, 40, 200}) {
      Run run = after(looks, with(PROVE, "-o", "json"));
      assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
      assertThat(run.out()).contains("\"verdict\" : \"unknown\"", "it was not decided within");
    }
  }

  @Test
  void aWayThatCameToItsEndStillDecides() {
    long looks = 1;
    Run run = after(looks, with(PROVE, "--by", "both"));
    while (run.status() == ExitStatus.UNDECIDED) {
      looks += 1 + looks / 64;
      run = after(looks, with(PROVE, "--by", "both"));
    }
    assertThat(run.out()).contains("by sets)", "note: Z3: it was not decided within");
  }

  /** Wherever it is cut, nothing is printed or written that would be taken for the whole. */
  @Test
  void aMatrixIsPrintedAsAWholeOrNotAtAll() {
    String whole = Run.of("connectivity", "-f", SHOP).out();
    long looks = 0;
    Run run = after(looks, "connectivity", "-f", SHOP);
    while (run.status() == ExitStatus.UNDECIDED) {
      assertThat(run.out()).startsWith("unknown: it was not decided within ").hasLineCount(1);
      run = after(++looks, "connectivity", "-f", SHOP);
    }
    assertThat(looks).isGreaterThan(10);
    assertThat(run.out()).isEqualTo(whole);
    assertThat(after(12, "connectivity", "-f", SHOP, "-o", "json").out())
        .contains("\"verdict\" : \"unknown\"", "it was not decided within");
    assertThat(Run.of("connectivity", "--timeout", "600", "-f", SHOP).out()).isEqualTo(whole);
  }

  @Test
  void anArtefactIsWrittenAsAWholeOrNotAtAll() {
    for (String target : new String[] {"iptables", "nftables", "bpf"}) {
      Path out = directory.resolve(target);
      String[] command = {
        "compile", "--to", target, "--out", out.toString(), "-f", NODE + "/cluster.yaml"
      };
      for (long looks : new long[] {0, 4}) {
        Run run = after(looks, command);
        assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("postern: unknown: it was not decided within ");
        assertThat(out).doesNotExist();
      }
      assertThat(Run.of(with(command, "--timeout", "600")).status()).isEqualTo(ExitStatus.YES);
    }
  }

  @Test
  void aReplayIsUnknown() {
    String[] command = {"replay", "../examples/flows.json", "-f", SHOP, "-f", "../examples/running"
    };
    for (long looks : new long[] {0, 8}) {
      Run run = after(looks, command);
      assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
      assertThat(run.out()).startsWith("unknown: it was not decided within ");
      assertThat(after(looks, with(command, "-o", "json")).out())
          .contains("\"verdict\" : \"unknown\"");
    }
  }

  /** A server that takes connections and says nothing. */
  @Test
  void aServerThatDoesNotAnswerIsWaitedForNoLonger() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Path kubeconfig =
          Files.writeString(directory.resolve("kubeconfig"), """
          apiVersion: v1
          kind: Config
          current-context: silent
          contexts: [{name: silent, context: {cluster: c, user: u}}]
          clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
          users: [{name: u, user: {}}]
          """.formatted(silent.getLocalPort()));
      Run run = after(4, "can", QUESTION, "--kubeconfig", kubeconfig.toString());
      assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
      assertThat(run.out())
          .startsWith("unknown: it was not decided within ")
          .contains("the cluster's API server did not answer in time");
    }
  }

  @Test
  void aProgramThatDoesNotEndIsEnded() throws IOException {
    Path endless = Files.writeString(
        directory.resolve("endless"),
        "#!/bin/sh\necho $$ > " + directory + "/pid\nexec tail -f /dev/null\n");
    assertThat(endless.toFile().setExecutable(true)).isTrue();
    AtomicLong clock = new AtomicLong();
    Deadline soon = Deadline.after(LOOK.multipliedBy(8), () -> clock.getAndAdd(LOOK.toNanos()));

    assertThatThrownBy(
            () -> soon.during(() -> new Program(endless).run(directory, new byte[0], List.of())))
        .isInstanceOf(Deadline.Passed.class)
        .hasMessageContaining("`endless` did not answer in time");
    if (Files.exists(directory.resolve("pid"))) {
      long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
      ProcessHandle.of(pid).ifPresent(left -> left.onExit().join());
    }
  }
}
