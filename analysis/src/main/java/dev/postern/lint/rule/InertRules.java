package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** Rules for a direction that {@code policyTypes} leaves out. */
@AutoService(LintRule.class)
public final class InertRules extends AnomalyRule {

  public InertRules() {
    super(
        Code.ofRule(
            "NP312",
            "INERT_RULES",
            Severity.WARNING,
            "`{1}` of {0} does nothing: `policyTypes` leaves its direction out"),
        "rules without effect",
        Finding.Kind.INERT_RULES);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return "";
  }
}
