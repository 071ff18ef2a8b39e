package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class PosternTest {

  private static final Console NOWHERE = Console.of(
      InputStream.nullInputStream(),
      OutputStream.nullOutputStream(),
      OutputStream.nullOutputStream());

  static List<String> commands() {
    return List.copyOf(Postern.commandLine(NOWHERE).getSubcommands().keySet());
  }

  @Test
  void theHelpListsEveryCommand() {
    Run run = Run.of("--help");

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).contains("Usage: postern").contains(commands());
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpOfEveryCommandNamesItsExitStatusesAndEndsInAnExample(String command) {
    Run run = Run.of(command, "--help");

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out())
        .contains("Usage: postern " + command, "Exit status:", "Example:\n  postern " + command);
  }

  /** Examples name paths from the repository's root. */
  @ParameterizedTest
  @MethodSource("commands")
  void theExampleInTheHelpOfEveryCommandWorks(String command, @TempDir Path out) {
    List<String[]> examples =
        Objects.requireNonNull(Examples.of(NOWHERE, Path.of(".."), out).get(command));

    assertThat(examples).isNotEmpty();
    for (String[] arguments : examples) {
      String example = String.join(" ", arguments);
      Run run = Run.of(arguments);
      assertThat(run.status()).as(example + "\n" + run.err()).isIn(ExitStatus.YES, ExitStatus.NO);
      assertThat(run.out()).as(example).isNotBlank();
    }
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(Run.of("--version").out()).startsWith("postern ");
  }

  @Test
  void withoutACommandTheUsageIsExplained() {
    Run run = Run.of();

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("postern: error: Missing required subcommand", "Try `postern --help`.");
  }

  @Test
  void aMisspeltCommandOffersTheNearest() {
    Run run = Run.of("lnt");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("'lnt'", "lint", "Try `postern --help`.");
  }

  @Test
  void aMisspeltOptionNamesTheCommandsHelp() {
    Run run = Run.of("lint", "--outptu", "json");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("'--outptu'", "Try `postern lint --help`.");
  }

  @Test
  void anArgumentThatStartsWithAnAtIsNotReadAsAFileOfArguments() {
    assertThat(Run.of("lint", "-f", "@missing.yaml").out()).contains("@missing.yaml");
  }

  private static Run running(Callable<Integer> work) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        Console.of(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err);
    CommandLine postern = Postern.commandLine(console);
    postern.addSubcommand("work", new Work(work));
    int status = Postern.run(console, postern, "work");
    return new Run(status, "", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aDefectOfPosternItselfIsToldWithoutATrace() {
    Run run = running(() -> {
      throw new IllegalStateException("on purpose");
    });

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .startsWith("postern: internal error: java.lang.IllegalStateException: on purpose\n")
        .contains("please report it")
        .doesNotContain("\tat ");
  }

  @Test
  void anErrorOfTheJvmIsADefectToo() {
    assertThat(running(() -> {
              throw new StackOverflowError();
            })
            .err())
        .startsWith("postern: internal error: java.lang.StackOverflowError\n")
        .doesNotContain("\tat ");
  }

  @Test
  void memoryThatRunsOutLeavesTheAnswerUndecided() {
    Run run = running(() -> {
      throw new OutOfMemoryError("on purpose");
    });

    assertThat(run)
        .isEqualTo(new Run(
            ExitStatus.UNDECIDED,
            "",
            "postern: error: out of memory (hint: JDK_JAVA_OPTIONS=-Xmx8g gives more)\n"));
  }

  @Test
  void aComplaintIsPrintedAsItStandsButForControlCharacters() {
    assertThat(running(() -> {
          throw new UserError("a\u001b[2Jb: error: no");
        }))
        .isEqualTo(new Run(ExitStatus.BAD_INPUT, "", "a\uFFFD[2Jb: error: no\n"));
  }

  @CommandLine.Command
  private record Work(Callable<Integer> work) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      return work.call();
    }
  }
}
