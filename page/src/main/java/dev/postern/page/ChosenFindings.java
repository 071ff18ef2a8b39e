package dev.postern.page;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.plan.Plan;
import java.util.List;

/** Which findings of manifests a page shows. */
@FunctionalInterface
public interface ChosenFindings {

  /**
   * What is shown.
   *
   * @param findings in the order in which they are shown
   * @param note what is said above them
   */
  record Chosen(List<Diagnostic> findings, String note) {
    public Chosen {
      findings = List.copyOf(findings);
    }
  }

  /** The findings of what was read and planned. */
  Chosen of(Loaded loaded, Plan plan);

  /** All that lint says by default. */
  static ChosenFindings all(boolean closed) {
    return (loaded, plan) -> new Chosen(
        Lint.of(LintInput.of(loaded, plan, LintOptions.DEFAULT.withClosed(closed))),
        "All that postern lint says by default, of every severity; settings and baselines are not applied.");
  }
}
