package dev.postern.lint;

import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.lint.rule.LintRule;
import dev.postern.lint.rule.ReadingFixes;
import dev.postern.lint.rule.RepositoryFindings;
import dev.postern.manifest.Loaded;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Everything to say about policies that the API accepts. */
public final class Lint {

  /** Found when first asked for: rules hold no state, and looking for them takes as long as linting a small cluster. */
  private static final class Found {
    private static final List<LintRule> RULES = find();

    private static List<LintRule> find() {
      List<LintRule> rules = new ArrayList<>();
      ServiceLoader.load(LintRule.class, LintRule.class.getClassLoader()).forEach(rules::add);
      rules.sort(Comparator.comparing(LintRule::code));
      return List.copyOf(rules);
    }
  }

  private Lint() {}

  /** All rules, by id. */
  public static List<LintRule> rules() {
    return Found.RULES;
  }

  /** All findings of all rules, of every severity, by file, line and column; those of one cause are one. */
  public static List<Diagnostic> of(LintInput input) {
    return of(input, rules());
  }

  /** The findings of some rules, of every severity, by file, line and column; those of one cause are one. */
  public static List<Diagnostic> of(LintInput input, List<LintRule> rules) {
    return FindingGroups.of(each(input, rules));
  }

  /**
   * Every finding of all rules by itself, for who leaves some of them out before {@link FindingGroups} makes those of one cause one.
   */
  public static List<Diagnostic> each(LintInput input) {
    return each(input, rules());
  }

  private static List<Diagnostic> each(LintInput input, List<LintRule> rules) {
    List<Diagnostic> found = new ArrayList<>();
    Deadline deadline = Deadline.current();
    for (LintRule rule : rules) {
      deadline.check();
      rule.check(input, found::add);
    }
    return found.stream().sorted().distinct().toList();
  }

  /** What reading found, with fixes where there are some, as it matters in a repository; findings of one cause are one. */
  public static List<Diagnostic> ofReading(Loaded loaded, LintInput input) {
    return FindingGroups.of(eachOfReading(loaded, input));
  }

  /** The same, every finding by itself. */
  public static List<Diagnostic> eachOfReading(Loaded loaded, LintInput input) {
    return RepositoryFindings.of(ReadingFixes.on(loaded.diagnostics(), input), loaded, input);
  }

  /** All findings about a cluster without its text. */
  public static List<Diagnostic> of(Plan plan) {
    return of(LintInput.of(plan, LintOptions.DEFAULT));
  }
}
