package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every command that a document shows in a {@code console} block and compares what it prints with what stands below it. {@code …} alone
 * on a line stands for any lines; {@code $ echo $?} shows the exit status of the command before.
 */
class DocumentsTest {

  private static final Path ROOT = Path.of("..");

  private static final Pattern BLOCK =
      Pattern.compile("^```console\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  private record Shown(Path document, String command, String output) {}

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
          .filter(path -> path.toString().endsWith(".md"))
          .toList();
    }
  }

  private static List<Shown> shown() throws IOException {
    List<Shown> shown = new ArrayList<>();
    for (Path document : documents()) {
      Matcher blocks = BLOCK.matcher(Files.readString(document));
      while (blocks.find()) {
        for (String part : blocks.group(1).split("(?m)^\\$ ")) {
          int end = part.indexOf('\n');
          if (!part.isBlank()) {
            shown.add(new Shown(
                document, part.substring(0, end), part.substring(end + 1).strip()));
          }
        }
      }
    }
    return shown;
  }

  @TestFactory
  Stream<DynamicTest> whatADocumentShowsIsWhatTheCommandPrints() throws IOException {
    int[] status = new int[1];
    return shown().stream()
        .map(each ->
            DynamicTest.dynamicTest(each.document().getFileName() + ": " + each.command(), () -> {
              if (each.command().equals("echo $?")) {
                assertThat(each.output()).isEqualTo(Integer.toString(status[0]));
                return;
              }
              Run run = Run.of(arguments(each.command()));
              status[0] = run.status();
              String printed = (run.err() + run.out())
                  .replace(ROOT + "/examples/", "examples/")
                  .replace("\r\n", "\n")
                  .strip();
              assertThat(printed).matches(pattern(each.output()));
            }));
  }

  private static String[] arguments(String command) {
    assertThat(command).matches("(\\./)?postern .*");
    List<String> arguments = new ArrayList<>();
    Matcher words = WORD.matcher(command);
    while (words.find()) {
      String word = words.group(1) != null
          ? words.group(1)
          : words.group(2) != null ? words.group(2) : words.group(3);
      arguments.add(word.startsWith("examples/") ? ROOT.resolve(word).toString() : word);
    }
    return arguments.subList(1, arguments.size()).toArray(String[]::new);
  }

  private static Pattern pattern(String output) {
    StringBuilder pattern = new StringBuilder();
    for (String line : output.split("\n", -1)) {
      pattern
          .append(pattern.isEmpty() ? "" : "\n")
          .append(line.strip().equals("…") ? "(?s:.*)" : Pattern.quote(line.stripTrailing()));
    }
    return Pattern.compile(pattern.toString().replace("\n(?s:.*)", "(?s:.*)"));
  }

  @Test
  void everyCommandIsShownSomewhere() throws IOException {
    List<String> words = shown().stream()
        .map(each -> each.command().split(" "))
        .filter(command -> command.length > 1)
        .map(command -> command[1])
        .toList();

    assertThat(words).contains("can", "why", "connectivity", "lint");
  }
}
