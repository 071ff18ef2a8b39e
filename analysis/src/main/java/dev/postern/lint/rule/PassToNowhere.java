package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** A pass that no lower tier answers. */
@AutoService(LintRule.class)
public final class PassToNowhere extends AnomalyRule {

  public PassToNowhere() {
    super(
        Code.ofRule(
            "NP314",
            "PASS_TO_NOWHERE",
            Severity.WARNING,
            "`{1}` of {0} passes to nowhere: no lower tier has a rule for it, so it is allowed"),
        "a pass to nowhere",
        Finding.Kind.PASS_TO_NOWHERE);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return "";
  }
}
