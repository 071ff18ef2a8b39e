package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** Admin policies of one priority that disagree. */
@AutoService(LintRule.class)
public final class Conflict extends AnomalyRule {

  public Conflict() {
    super(
        Code.ofRule(
            "NP307",
            "CONFLICT",
            Severity.WARNING,
            "`{1}` of {0} and {2} have the same priority and decide the same traffic differently: which wins is undefined"),
        "a conflict at equal priority",
        Finding.Kind.CONFLICT);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return others(finding, input);
  }
}
