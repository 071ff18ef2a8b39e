package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** A selector that no labels can meet. */
@AutoService(LintRule.class)
public final class ContradictorySelector extends AnomalyRule {

  public ContradictorySelector() {
    super(
        Code.ofRule("NP308", "CONTRADICTORY_SELECTOR", Severity.WARNING, "{0}: {2}"),
        "a selector that nothing can match",
        Finding.Kind.CONTRADICTORY_SELECTOR);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return finding.explanation();
  }
}
