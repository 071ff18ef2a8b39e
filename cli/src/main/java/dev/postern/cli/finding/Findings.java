package dev.postern.cli.finding;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a check found.
 *
 * @param all in the order in which they are shown
 * @param objects how many objects were looked at
 * @param explain shows a finding with its source line
 * @param fingerprint what makes a finding the same after lines have moved
 * @param rendered the files in which rendered sources are written, by the sources' names
 * @param detail how much to say besides
 * @param coloured whether a person reads it on a terminal that shows colours
 * @param hidden what was left out, as {@code 3 known}
 * @param fixes what became of fixes; empty if none were asked for
 */
public record Findings(
    List<Diagnostic> all,
    int objects,
    Function<Diagnostic, String> explain,
    Function<Diagnostic, String> fingerprint,
    Map<String, String> rendered,
    Detail detail,
    boolean coloured,
    List<String> hidden,
    Optional<FixReport> fixes) {

  /** How much to say besides the findings. */
  public enum Detail {
    FINDINGS,
    SUMMARY
  }

  /** A rule with its findings counted. */
  record Count(Code code, Severity severity, int number) {
    String title() {
      return Findings.title(code);
    }
  }

  public Findings {
    all = List.copyOf(all);
    rendered = Map.copyOf(rendered);
    hidden = List.copyOf(hidden);
  }

  /** What a code is called, in a few words. */
  static String title(Code code) {
    return Lint.rules().stream()
        .filter(rule -> rule.code().equals(code))
        .map(LintRule::title)
        .findFirst()
        .orElse(code.name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }

  /** The place to open for a place in what was read: of what a tool made, the file alone. */
  Origin place(Origin origin) {
    return isRendered(origin.file())
        ? new Origin(file(origin.file()), 0, 0, origin.path())
        : origin;
  }

  /** The file to open for a finding in a source of this name. */
  private String file(String source) {
    return rendered.getOrDefault(source, source);
  }

  /** Whether a source is what a tool made of a file, so that its lines are not the file's. */
  private boolean isRendered(String source) {
    return rendered.containsKey(source);
  }

  public long errors() {
    return count(Severity.ERROR);
  }

  private long count(Severity severity) {
    return all.stream().filter(finding -> finding.severity() == severity).count();
  }

  /** The rules by how much they matter: the worst first, then the most frequent. */
  List<Count> byRule() {
    Map<Code, Map<Severity, Integer>> counts = new LinkedHashMap<>();
    all.forEach(finding -> counts
        .computeIfAbsent(finding.code(), code -> new LinkedHashMap<>())
        .merge(finding.severity(), 1, Integer::sum));
    List<Count> rules = new ArrayList<>();
    counts.forEach((code, severities) ->
        severities.forEach((severity, number) -> rules.add(new Count(code, severity, number))));
    rules.sort(Comparator.comparing(Count::severity)
        .thenComparing(Comparator.comparingInt(Count::number).reversed())
        .thenComparing(Count::code));
    return rules;
  }

  /** {@code found 1 error and 2 warnings in 12 objects}. */
  String summary() {
    long infos = count(Severity.INFO);
    String found = all.isEmpty()
        ? "nothing"
        : infos == 0
            ? count(errors(), "error") + " and " + count(count(Severity.WARNING), "warning")
            : count(errors(), "error") + ", " + count(count(Severity.WARNING), "warning") + " and "
                + infos + " of severity info";
    return "found " + found + " in " + count(objects, "object")
        + (hidden.isEmpty() ? "" : "; not shown: " + String.join(", ", hidden));
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
