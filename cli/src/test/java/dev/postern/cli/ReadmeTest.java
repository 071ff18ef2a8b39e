package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the README shows is what the commands print. */
class ReadmeTest {

  private static final Path ROOT = Path.of("..");

  private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

  private record Shown(String command, String output) {}

  private static List<Shown> shown() throws IOException {
    List<Shown> shown = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
    while (block.find()) {
      for (String part : block.group(1).split("(?m)^\\$ ")) {
        if (!part.isBlank()) {
          int end = part.indexOf('\n');
          shown.add(new Shown(part.substring(0, end), part.substring(end + 1).strip()));
        }
      }
    }
    return shown;
  }

  @TestFactory
  List<DynamicTest> everyCommandInTheReadmePrintsWhatTheReadmeShows() throws IOException {
    return shown().stream()
        .map(each -> DynamicTest.dynamicTest(each.command(), () -> {
          String[] words =
              each.command().replace("examples/", ROOT + "/examples/").split(" ");
          assertThat(words[0]).isEqualTo("./postern");

          Run run = Run.of(List.of(words).subList(1, words.length).toArray(String[]::new));

          assertThat((run.out() + run.err())
                  .replace(ROOT + "/examples/", "examples/")
                  .strip())
              .isEqualTo(each.output());
        }))
        .toList();
  }

  @Test
  void theReadmeShowsCommands() throws IOException {
    assertThat(shown()).hasSizeGreaterThan(2);
  }
}
