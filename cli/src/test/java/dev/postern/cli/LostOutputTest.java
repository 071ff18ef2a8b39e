package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.OptionSpec;

/** An answer that could not be written is no answer, whatever it was and however it was to be written. */
class LostOutputTest {

  @TempDir
  static Path directory;

  /** A stream that takes some bytes and then fails. */
  private static final class Failing extends OutputStream {

    private final String why;
    private int left;

    Failing(int left, String why) {
      this.left = left;
      this.why = why;
    }

    @Override
    public void write(int octet) throws IOException {
      if (left-- <= 0) {
        throw new IOException(why);
      }
    }
  }

  /** The first example of each command in each of its formats, and the help. */
  static List<List<String>> commandLines() {
    Console nowhere = Console.of(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream());
    List<List<String>> all = new ArrayList<>();
    all.add(List.of("--help"));
    all.add(List.of("--version"));
    Examples.of(nowhere, Path.of(".."), directory.resolve("artefact"))
        .forEach((command, examples) -> {
          all.add(List.of(command, "--help"));
          all.add(List.of(examples.get(0)));
          formats(nowhere, command).forEach(format -> {
            List<String> line = new ArrayList<>(List.of(examples.get(0)));
            int given = line.indexOf("-o");
            if (given >= 0) {
              line.subList(given, given + 2).clear();
            }
            line.add("-o");
            line.add(format);
            all.add(line);
          });
        });
    // Annotations of nothing are no lines at all.
    all.removeIf(line -> Run.of(line.toArray(String[]::new)).out().isEmpty());
    return all;
  }

  private static Stream<String> formats(Console console, String command) {
    OptionSpec option = Postern.commandLine(console)
        .getSubcommands()
        .get(command)
        .getCommandSpec()
        .findOption("-o");
    return option == null || !option.type().isEnum()
        ? Stream.of()
        : Stream.of(option.type().getEnumConstants()).map(Object::toString);
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void aFullDiskIsSaidAndTheStatusIsTwoInEveryCommandAndFormat(List<String> arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Postern.run(
        Console.of(InputStream.nullInputStream(), new Failing(0, "No space left on device"), err),
        arguments.toArray(String[]::new));

    assertThat(err.toString(StandardCharsets.UTF_8))
        .endsWith("postern: error: the answer could not be written: No space left on device\n");
    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void aDiskThatIsFullBeforeTheLastByteIsSaidToo(List<String> arguments) {
    String whole = Run.of(arguments.toArray(String[]::new)).out();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Postern.run(
        Console.of(
            InputStream.nullInputStream(),
            new Failing(
                whole.getBytes(StandardCharsets.UTF_8).length - 1, "No space left on device"),
            err),
        arguments.toArray(String[]::new));

    assertThat(err.toString(StandardCharsets.UTF_8))
        .endsWith("postern: error: the answer could not be written: No space left on device\n");
    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
  }

  @ParameterizedTest
  @CsvSource({
    "review,4",
    "replay,4",
    "lint,7",
    "test,4",
    "diff,4",
    "connectivity,6",
    "prove,2",
    "can,2",
    "why,2"
  })
  void theFormatsOfACommandAreAmongThese(String command, int atLeast) {
    assertThat(commandLines().stream()
            .filter(line -> line.get(0).equals(command) && line.contains("-o"))
            .map(line -> line.get(line.lastIndexOf("-o") + 1))
            .distinct()
            .count())
        .isGreaterThanOrEqualTo(atLeast);
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void aReaderThatHasSeenEnoughChangesNothing(List<String> arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Postern.run(
        Console.of(InputStream.nullInputStream(), new Failing(0, "Broken pipe"), err),
        arguments.toArray(String[]::new));

    Run whole = Run.of(arguments.toArray(String[]::new));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(whole.err());
    assertThat(status).isEqualTo(whole.status());
  }

  @Test
  void aNoteThatWasLostMakesTheAnswerNoneToo() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int status = Postern.run(
        Console.of(InputStream.nullInputStream(), out, new Failing(0, "No space left on device")),
        "can",
        "shop/frontend",
        "reach",
        "shop/nowhere",
        "-f",
        "../examples/shop",
        "-f",
        "../examples/mistakes");

    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
  }
}
