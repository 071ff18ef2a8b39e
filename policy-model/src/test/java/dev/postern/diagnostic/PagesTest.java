package dev.postern.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every code has a page, and what the page shows is what happens. */
class PagesTest {

  private static final Path PAGES = Path.of("..", "docs", "diagnostics");
  private static final Pattern FENCE = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);

  /** These are about files or sizes, which a page cannot show; {@code BadInputTest} provokes them. */
  private static final Set<Code> WITHOUT_EXAMPLE =
      Set.of(Code.UNREADABLE, Code.NOT_UTF8, Code.LIMIT, Code.NOTHING_TO_READ, Code.EMPTY_SOURCE);

  private static String page(Code code) throws IOException {
    return Files.readString(PAGES.resolve(code.id() + ".md"));
  }

  private static List<String> blocks(String page) {
    Matcher matcher = FENCE.matcher(page);
    return matcher.results().map(result -> result.group(2)).toList();
  }

  static Stream<Code> codes() {
    return Code.ofReading().stream();
  }

  static Stream<Code> codesWithExample() {
    return Code.ofReading().stream().filter(code -> !WITHOUT_EXAMPLE.contains(code));
  }

  private static Loaded read(Code code, String text) {
    return Manifests.read(Source.text(code == Code.JSON_SYNTAX ? "web.json" : "web.yaml", text));
  }

  @ParameterizedTest
  @MethodSource("codes")
  void everyCodeHasAPageThatSaysWhatToDoAndWhy(Code code) throws IOException {
    assertThat(page(code))
        .startsWith("# " + code.id() + ": ")
        .contains("## Prefer")
        .contains("## Why");
  }

  @ParameterizedTest
  @MethodSource("codes")
  void theIndexHasEveryPageUnderItsTitle(Code code) throws IOException {
    String title = page(code).lines().findFirst().orElseThrow().replaceFirst("# NP\\d+: ", "");
    assertThat(Files.readString(PAGES.resolve("README.md")))
        .contains("| [" + code.id() + "](" + code.id() + ".md) | " + title + " |");
  }

  @Test
  void everyPageIsAboutACode() throws IOException {
    try (Stream<Path> pages = Files.list(PAGES)) {
      Set<String> names = pages
          .map(page -> page.getFileName().toString())
          .filter(name -> name.startsWith("NP1") || name.startsWith("NP2"))
          .map(name -> name.substring(0, name.length() - ".md".length()))
          .collect(Collectors.toCollection(TreeSet::new));
      assertThat(names)
          .containsExactlyElementsOf(
              Code.ofReading().stream().map(Code::id).sorted().toList());
    }
  }

  @ParameterizedTest
  @MethodSource("codesWithExample")
  void whatAPageAvoidsIsReportedAsItSays(Code code) throws IOException {
    List<String> blocks = blocks(page(code));
    Loaded loaded = read(code, blocks.get(0));
    String shown = loaded.diagnostics().stream()
        .map(loaded::explain)
        .collect(Collectors.joining("\n", "", "\n"));
    assertThat(shown).isEqualToNormalizingNewlines(blocks.get(1));
    assertThat(loaded.diagnostics()).extracting(Diagnostic::code).containsOnly(code);
  }

  @ParameterizedTest
  @MethodSource("codesWithExample")
  void whatAPagePrefersIsReadWithoutAWord(Code code) throws IOException {
    Loaded loaded = read(code, blocks(page(code)).get(2));
    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.read()).isNotEmpty();
  }

  @Test
  void idsAreUniqueAndTellTheSeverityOfWhatIsRead() {
    assertThat(Code.ofReading().stream().map(Code::id))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("NP\\d{3}"));
    assertThat(Code.ofReading().stream().filter(code -> code.id().startsWith("NP1")))
        .allMatch(code -> code.severity() == Severity.ERROR);
    assertThat(Code.ofReading().stream().filter(code -> code.id().startsWith("NP2")))
        .allMatch(code -> code.severity() == Severity.WARNING);
  }
}
