package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** An ordered rule that later rules or the default decide alike. */
@AutoService(LintRule.class)
public final class PointlessRule extends AnomalyRule {

  public PointlessRule() {
    super(
        Code.ofRule(
            "NP306",
            "POINTLESS_RULE",
            Severity.INFO,
            "`{1}` of {0} is pointless: what it decides, the rest decides alike{2}"),
        "a pointless rule",
        Finding.Kind.POINTLESS_RULE);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return finding.because().isEmpty() ? "" : " (" + others(finding, input) + ")";
  }

  /** What a pod to come may end is no reason to change a policy. */
  @Override
  boolean isSaid(Finding finding, LintInput input) {
    return finding.lasting() || input.options().closed();
  }
}
