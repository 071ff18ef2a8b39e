package dev.postern.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds docs/semantics.md to the tests that it says hold it. */
class SemanticsDocumentTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final String TEXT = read(DOCS.resolve("semantics.md"));
  /** A test as the document links to it: {@code [method][Class]}. */
  private static final Pattern LINK = Pattern.compile("\\[(\\w+)]\\[(\\w+)]");

  @Test
  void allLinesAreThereInOrder() {
    List<Integer> numbers = Pattern.compile("(?m)^\\*\\*(\\d+)\\.\\*\\*")
        .matcher(TEXT)
        .results()
        .map(match -> Integer.valueOf(match.group(1)))
        .toList();
    assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, 34).boxed().toList());
  }

  @Test
  void everyLineNamesATest() {
    String[] lines = TEXT.split("(?m)^\\*\\*\\d+\\.\\*\\*");
    for (int i = 1; i < lines.length; i++) {
      assertThat(lines[i]).as("line %d", i).containsPattern(LINK);
    }
  }

  @Test
  void everyLinkLeadsToATest() {
    Map<String, String> sources = new HashMap<>();
    Pattern.compile("(?m)^\\[(\\w+)]: (\\S+)$")
        .matcher(TEXT)
        .results()
        .forEach(match -> sources.put(match.group(1), read(DOCS.resolve(match.group(2)))));
    List<String> dead = new ArrayList<>();
    for (MatchResult link : LINK.matcher(TEXT).results().toList()) {
      String source = sources.getOrDefault(link.group(2), "");
      // An annotation, perhaps with arguments on several lines, right before the method.
      Pattern test = Pattern.compile(
          "@(Test|ParameterizedTest|Property)\\b(?:(?!\\n {2}}\\n).)*?\\n {2}void " + link.group(1)
              + "\\(",
          Pattern.DOTALL);
      if (!test.matcher(source).find()) {
        dead.add(link.group());
      }
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void everyTestOfMeaningIsLinked() throws IOException {
    List<String> missing = new ArrayList<>();
    try (var files = Files.list(Path.of("src/test/java/dev/postern/meaning"))) {
      for (Path file : files
          .filter(f ->
              f.toString().endsWith("MeaningTest.java") || f.endsWith("LawsOfMeaningTest.java"))
          .sorted()
          .toList()) {
        String type = file.getFileName().toString().replace(".java", "");
        Pattern.compile("(?m)^ {2}void (\\w+)\\(")
            .matcher(read(file))
            .results()
            .map(match -> "[" + match.group(1) + "][" + type + "]")
            .filter(link -> !TEXT.contains(link))
            .forEach(missing::add);
      }
    }
    assertThat(missing).isEmpty();
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
