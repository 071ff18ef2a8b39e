package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Java that docs/live.md shows stands in the examples, which tests run, and in the test below. */
class LiveDocumentTest {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void whatTheDocumentShowsIsInTheExamples() throws IOException {
    String sources;
    try (Stream<Path> files = Stream.concat(
        Files.list(Path.of("src", "main", "java", "dev", "postern", "examples")),
        Files.list(Path.of("src", "test", "java", "dev", "postern", "examples")))) {
      sources = files
          .filter(file -> file.toString().endsWith(".java"))
          .map(LiveDocumentTest::text)
          .collect(Collectors.joining());
    }
    Matcher shown = JAVA.matcher(Files.readString(Path.of("..", "docs", "live.md")));
    List<String> blocks = shown.results().map(block -> squeezed(block.group(1))).toList();

    assertThat(blocks).hasSizeGreaterThanOrEqualTo(3);
    assertThat(blocks).allSatisfy(block -> assertThat(sources).contains(block));
  }

  private static String text(Path file) {
    try {
      return squeezed(Files.readString(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", "");
  }
}
