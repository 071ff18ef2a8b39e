package dev.postern.cli.finding;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Nearest;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The pages of codes, which the program carries with it, so that they are read where no network is. */
public final class CodePage {

  private CodePage() {}

  /** Where a page lies in the repository. */
  static String path(String code) {
    return "docs/diagnostics/" + code + ".md";
  }

  /** The page of a code, as {@code NP313}, in Markdown; empty if there is no such code. */
  public static Optional<String> of(String code) {
    String id = code.toUpperCase(Locale.ROOT);
    if (!id.matches("NP\\d{3}")) {
      return Optional.empty();
    }
    try (InputStream page = CodePage.class.getResourceAsStream("pages/" + id + ".md")) {
      return page == null
          ? Optional.empty()
          : Optional.of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /** What to say of a word that is no code, with the nearest that is one. */
  public static String unknown(String word) {
    List<String> codes = Stream.concat(
            Code.ofReading().stream(), Lint.rules().stream().map(LintRule::code))
        .map(Code::id)
        .toList();
    return "`" + word + "` is no code"
        + Nearest.to(word, codes)
            .map(near -> " (hint: did you mean `" + near + "`?)")
            .orElse(" (hint: write it as reports do, as NP313)");
  }
}
