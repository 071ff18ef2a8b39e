package dev.postern.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dataplane.Dataplane;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.lint.rule.LintRule;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule has a page, and its examples are the rule's test data: what to avoid has the finding, what to prefer has not. */
class RulePagesTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  static Stream<LintRule> rules() {
    return Lint.rules().stream();
  }

  private static String page(LintRule rule) throws IOException {
    return Files.readString(ROOT.resolve(rule.page()));
  }

  private static List<Diagnostic> lint(LintRule rule, int example) throws IOException {
    String text = EXAMPLE
        .matcher(page(rule))
        .results()
        .skip(example)
        .findFirst()
        .orElseThrow()
        .group(1);
    Loaded loaded = Manifests.read(
        List.of(Source.text("page.yaml", text)), ReadOptions.DEFAULT.withKeepWritten(true));
    assertThat(loaded.hasErrors()).as(loaded.diagnostics().toString()).isFalse();
    // What only a complete input shows is said of one; probes are cut where node traffic is
    // policed.
    LintOptions options = LintOptions.DEFAULT
        .withClosed(rule.code().id().equals("NP306"))
        .withDataplanes(List.of(Dataplane.named("ovn-kubernetes").orElseThrow()));
    Plan plan = Plan.of(
        loaded.cluster(),
        Options.DEFAULT.withNodeTrafficPasses(!rule.code().id().equals("NP333")));
    return Lint.of(LintInput.of(loaded, plan, options), List.of(rule));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatAPageAvoidsIsFound(LintRule rule) throws IOException {
    assertThat(lint(rule, 0))
        .isNotEmpty()
        .allMatch(finding -> finding.code().equals(rule.code()))
        .allMatch(finding -> finding.origin().line() > 0)
        .anyMatch(finding -> finding.severity() == rule.code().severity());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatAPagePrefersIsNot(LintRule rule) throws IOException {
    assertThat(lint(rule, 1)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aPageSaysWhatToDoAndWhyAndHowToSilenceIt(LintRule rule) throws IOException {
    assertThat(page(rule))
        .startsWith("# " + rule.code().id() + ": " + rule.title() + "\n")
        .contains("## Avoid", "## Prefer", "## Why", "## Silence");
    assertThat(Files.readString(ROOT.resolve("docs/diagnostics/README.md")))
        .contains(
            "| [" + rule.code().id() + "](" + rule.code().id() + ".md) | " + rule.title() + " |");
  }

  @Test
  void everyPageIsAboutARule() throws IOException {
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs/diagnostics"))) {
      Set<String> names = pages
          .map(page -> page.getFileName().toString())
          .filter(name -> name.startsWith("NP3"))
          .map(name -> name.replace(".md", ""))
          .collect(Collectors.toCollection(TreeSet::new));
      assertThat(names)
          .containsExactlyElementsOf(
              rules().map(rule -> rule.code().id()).sorted().toList());
    }
  }

  @Test
  void idsAndNamesAreUniqueAmongAllCodes() {
    List<Code> codes =
        Stream.concat(Code.ofReading().stream(), rules().map(LintRule::code)).toList();
    assertThat(codes)
        .extracting(Code::id)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("NP\\d{3}"));
    assertThat(codes).extracting(Code::name).doesNotHaveDuplicates();
  }
}
