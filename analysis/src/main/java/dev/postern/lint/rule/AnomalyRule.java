package dev.postern.lint.rule;

import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Diagnostic.Related;
import dev.postern.policy.Direction;
import dev.postern.policy.PolicyRule;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A rule that words one kind of what {@link dev.postern.anomaly.Anomalies} finds. */
abstract class AnomalyRule implements LintRule {

  private final Code code;
  private final String title;
  private final Finding.Kind kind;

  AnomalyRule(Code code, String title, Finding.Kind kind) {
    this.code = code;
    this.title = title;
    this.kind = kind;
  }

  @Override
  public final Code code() {
    return code;
  }

  @Override
  public final String title() {
    return title;
  }

  @Override
  public final void check(LintInput input, Consumer<Diagnostic> found) {
    for (Finding finding : input.anomalies(kind)) {
      if (isSaid(finding, input)) {
        found.accept(diagnostic(finding, input));
      }
    }
  }

  /** Whether somebody could act on it. */
  boolean isSaid(Finding finding, LintInput input) {
    return true;
  }

  /** The message's third argument, after the policy and the field. */
  abstract String detail(Finding finding, LintInput input);

  private Diagnostic diagnostic(Finding finding, LintInput input) {
    boolean isolatesByRules = input.isolatingByRules().contains(finding.policy());
    String field = finding.rule().map(PolicyRule::field).orElse("");
    String place = finding.part().isEmpty() ? field : field + "." + finding.part();
    Diagnostic diagnostic = code.at(
            finding.origin(),
            finding.policy().toString(),
            place,
            detail(finding, input),
            span(finding))
        .related(related(finding, input));
    String hint = Stream.concat(
            finding.witness().map(flow -> "for example " + flow).stream(),
            advice(finding, isolatesByRules))
        .collect(Collectors.joining("; "));
    return hint.isEmpty() ? diagnostic : diagnostic.hint(hint);
  }

  /** What has to be written before a rule can go without a change. */
  private static Stream<String> advice(Finding finding, boolean isolatesByRules) {
    boolean egress =
        finding.rule().filter(rule -> rule.direction() == Direction.EGRESS).isPresent();
    return egress && isolatesByRules && finding.part().isEmpty()
        ? Stream.of(
            "write `" + finding.policy().typesText()
                + "` before you remove it: `policyTypes` is left out, and without an egress rule egress is not isolated")
        : Stream.of();
  }

  private static List<Related> related(Finding finding, LintInput input) {
    return finding.because().stream()
        .filter(cause -> cause.rule().isEmpty() || !cause.rule().equals(finding.rule()))
        .map(input::related)
        .distinct()
        .toList();
  }

  /** Whether it lasts. */
  static String span(Finding finding) {
    return finding.lasting() ? ", whatever pods come" : " for the pods that are here";
  }

  /** The first few of those that make it so. */
  static String others(Finding finding, LintInput input) {
    List<String> names = finding.because().stream()
        .map(cause -> input.related(cause).message())
        .distinct()
        .toList();
    return names.size() == 2 ? String.join(" and ", names) : FindingNames.some(names);
  }

  /** How long, and because of whom. */
  static String spanAndOthers(Finding finding, LintInput input) {
    String verb = finding.because().size() == 1 ? " does" : " do";
    return span(finding)
        + (finding.because().isEmpty() ? "" : "; " + others(finding, input) + verb + " the same");
  }
}
