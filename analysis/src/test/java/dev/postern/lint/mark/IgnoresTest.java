package dev.postern.lint.mark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.diagnostic.Code;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What marks say, and the pages of what is said about them. */
class IgnoresTest {

  private static final List<Code> CODES = List.of(Ignores.UNUSED, Ignores.EXPIRED, Ignores.BAD);

  @Test
  void aMarkNamesRulesADayAndAReason() throws IgnoreText.BadMark {
    IgnoreText text = IgnoreText.of("NP313, NP310 until 2030-12-31: the other half is elsewhere");

    assertThat(text.rules()).containsExactly(new RuleName("NP313"), new RuleName("NP310"));
    assertThat(text.until()).contains(LocalDate.of(2030, 12, 31));
    assertThat(text.reason()).isEqualTo("the other half is elsewhere");
    assertThat(IgnoreText.of("NP313: so").reason()).isEqualTo("so");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "because",
        "NP313",
        "NP313:",
        "NP3 all of them",
        "NP313 until 2030-02-30 x",
        "NP313 until tomorrow x",
        "NP313 until 2030-12-31",
        "NP3133 x"
      })
  void aMarkWithoutRuleOrReasonIsBad(String text) {
    assertThatExceptionOfType(IgnoreText.BadMark.class).isThrownBy(() -> IgnoreText.of(text));
  }

  @Test
  void everyCodeHasAPageInTheIndexAndIsOfNoRule() throws IOException {
    Path pages = Path.of("..", "docs", "diagnostics");
    for (Code code : CODES) {
      String page = Files.readString(pages.resolve(code.id() + ".md"));
      assertThat(page)
          .startsWith("# " + code.id() + ": ")
          .contains("## Avoid", "## Prefer", "## Why");
      assertThat(Files.readString(pages.resolve("README.md")))
          .contains("| [" + code.id() + "](" + code.id() + ".md) | "
              + page.lines().findFirst().orElseThrow().replaceFirst("# NP\\d+: ", "") + " |");
    }
    assertThat(Stream.concat(Code.ofReading().stream(), Lint.rules().stream().map(LintRule::code)))
        .doesNotContainAnyElementsOf(CODES)
        .extracting(Code::id)
        .doesNotContainAnyElementsOf(CODES.stream().map(Code::id).toList());
  }
}
