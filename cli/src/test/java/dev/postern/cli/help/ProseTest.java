package dev.postern.cli.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProseTest {

  @Test
  void paragraphsAndItemsAreBrokenBetweenWordsAndWhatIsAlignedStays() {
    String page = """
        # A heading that is longer than the line

        One two three
        four five.

        - an item that goes
          on here
        1. and another
        > a word of somebody

        | a table | that is wide | as it was |

        ```
        code that is longer than the line
        ```
        """;

    assertThat(Prose.lines(page.strip(), 14))
        .containsExactly(
            "# A heading that is longer than the line",
            "",
            "One two three",
            "four five.",
            "",
            "- an item that",
            "  goes on here",
            "1. and another",
            "> a word of",
            "> somebody",
            "",
            "| a table | that is wide | as it was |",
            "",
            "```",
            "code that is longer than the line",
            "```");
  }

  @Test
  void noWordOfAPageIsLostOrCut() throws IOException {
    try (Stream<Path> pages = Files.walk(Path.of("../docs"))) {
      for (Path file : pages.filter(page -> page.toString().endsWith(".md")).toList()) {
        String page = Files.readString(file);
        for (int columns : new int[] {30, 80, 200}) {
          assertThat(words(String.join("\n", Prose.lines(page, columns))))
              .as("%s in %s columns", file, columns)
              .isEqualTo(words(page));
        }
      }
    }
  }

  private static List<String> words(String text) {
    // The mark of a quotation stands before each of its lines.
    return Stream.of(text.replaceAll("(?m)^\\s*>", "").split("\\s+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
