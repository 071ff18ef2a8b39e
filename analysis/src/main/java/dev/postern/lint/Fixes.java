package dev.postern.lint;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Fix;
import dev.postern.diagnostic.TextEdit;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes fixes in the text of a file; every character that no edit names stays as it is. */
public final class Fixes {

  private static final Pattern ALIAS = Pattern.compile("(?:^|[\\s\\[{,])\\*[^\\s*,\\[\\]{}]");

  /** A carriage return alone, and what YAML 1.1 and the API server's reader take for the end of a line. */
  private static final Pattern OTHER_BREAK = Pattern.compile("\\r(?!\\n)|[\\u0085\\u2028\\u2029]");

  private Fixes() {}

  /**
   * A file's text with fixes made.
   *
   * @param text the new text
   * @param made the findings whose fixes were made, in the order of the text
   * @param left the findings whose fixes were wanted and not made, in the order of the text
   */
  public record Fixed(String text, List<Diagnostic> made, List<LeftFix> left) {
    public Fixed {
      made = List.copyOf(made);
      left = List.copyOf(left);
    }
  }

  /** A finding whose fix was wanted and not made. */
  public record LeftFix(Diagnostic finding, LeftCause cause) {}

  /** Why a fix is not made. */
  public enum LeftCause {
    JSON("it is JSON"),
    ALIASES("it has aliases, which say the same again elsewhere"),
    LINE_BREAKS("it has line breaks that only some readers take for such"),
    SEVERAL_FILES("it would change other files as well"),
    OVERLAP("it overlaps a fix that was made (hint: run it again)"),
    MORE_ERRORS("the file would have more errors than before");

    private final String words;

    LeftCause(String words) {
      this.words = words;
    }

    /** In words, of a file or of a fix in it. */
    public String words() {
      return words;
    }
  }

  /**
   * Makes the fixes of a file that are wanted, as far as they do not overlap: of two that do, the first is made, and another run makes the
   * other. A fix after which the text has more errors of some kind than before is not made. Nor is any in a text with aliases, which say the
   * same again elsewhere, in JSON, or with line breaks that only some readers take for such.
   *
   * @param file the file, as the findings name it
   * @param text its text
   * @param findings findings, also of other files
   * @param wanted which fixes to make, as {@link #isSafe}
   */
  public static Fixed in(
      String file, String text, List<Diagnostic> findings, Predicate<Diagnostic> wanted) {
    List<Diagnostic> made = new ArrayList<>();
    List<LeftFix> left = new ArrayList<>();
    List<TextEdit> edits = new ArrayList<>();
    Optional<LeftCause> alone = leftAlone(text);
    Map<Code, Long> errors = alone.isPresent() ? Map.of() : errors(file, text);
    for (Diagnostic finding : findings.stream().sorted().toList()) {
      if (finding.fix().isEmpty() || !wanted.test(finding)) {
        continue;
      }
      List<TextEdit> own = finding.fix().get().edits();
      if (own.stream().noneMatch(edit -> edit.file().equals(file))) {
        continue;
      }
      List<TextEdit> together = new ArrayList<>(edits);
      together.addAll(own);
      Optional<LeftCause> cause = alone;
      if (cause.isEmpty() && !own.stream().allMatch(edit -> edit.file().equals(file))) {
        cause = Optional.of(LeftCause.SEVERAL_FILES);
      } else if (cause.isEmpty() && overlap(own, edits)) {
        cause = Optional.of(LeftCause.OVERLAP);
      } else if (cause.isEmpty() && isWorse(errors(file, apply(text, together)), errors)) {
        cause = Optional.of(LeftCause.MORE_ERRORS);
      }
      if (cause.isPresent()) {
        left.add(new LeftFix(finding, cause.get()));
      } else {
        edits = together;
        made.add(finding);
      }
    }
    return new Fixed(apply(text, edits), made, left);
  }

  private static Optional<LeftCause> leftAlone(String text) {
    // What kubectl takes for JSON.
    return text.stripLeading().startsWith("{")
        ? Optional.of(LeftCause.JSON)
        : ALIAS.matcher(text).find()
            ? Optional.of(LeftCause.ALIASES)
            : OTHER_BREAK.matcher(text).find()
                ? Optional.of(LeftCause.LINE_BREAKS)
                : Optional.empty();
  }

  private static boolean isWorse(Map<Code, Long> now, Map<Code, Long> before) {
    return now.entrySet().stream()
        .anyMatch(kind -> kind.getValue() > before.getOrDefault(kind.getKey(), 0L));
  }

  /** Whether a finding has a fix that changes no verdict. */
  public static boolean isSafe(Diagnostic finding) {
    return finding.fix().filter(fix -> fix.safety() == Fix.Safety.SAFE).isPresent();
  }

  private static Map<Code, Long> errors(String file, String text) {
    return Manifests.read(Source.text(file, text)).diagnostics().stream()
        .filter(Diagnostic::isError)
        .collect(Collectors.groupingBy(Diagnostic::code, Collectors.counting()));
  }

  private static boolean overlap(List<TextEdit> some, List<TextEdit> others) {
    return some.stream()
        .anyMatch(one -> others.stream()
            .anyMatch(other -> start(one) <= end(other) && start(other) <= end(one)));
  }

  private static long start(TextEdit edit) {
    return ((long) edit.line() << 32) | edit.column();
  }

  private static long end(TextEdit edit) {
    return ((long) edit.endLine() << 32) | edit.endColumn();
  }

  /**
   * Makes edits, all of one file, which must not overlap. A new line ends as the text's lines do.
   *
   * @throws IllegalArgumentException if an edit names a place that the text does not have
   */
  public static String apply(String text, List<TextEdit> edits) {
    StringBuilder result = new StringBuilder(text);
    String newline = text.contains("\r\n") ? "\r\n" : "\n";
    edits.stream()
        .sorted(Comparator.comparingLong(Fixes::start).reversed())
        .forEach(edit -> result.replace(
            offset(text, edit.line(), edit.column()),
            offset(text, edit.endLine(), edit.endColumn()),
            edit.replacement().replace("\n", newline)));
    return result.toString();
  }

  /** Where a place is; the line after the last begins at the end. */
  private static int offset(String text, int line, int column) {
    // A byte order mark is no character of the first line.
    int from = text.startsWith("\uFEFF") ? 1 : 0;
    for (int i = 1; i < line; i++) {
      int end = text.indexOf('\n', from);
      if (end < 0 && (i + 1 < line || column > 1)) {
        throw new IllegalArgumentException("there is no line " + line);
      }
      from = end < 0 ? text.length() : end + 1;
    }
    return text.offsetByCodePoints(from, column - 1);
  }
}
