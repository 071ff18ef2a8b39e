package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** A rule that nothing reaches. */
@AutoService(LintRule.class)
public final class ShadowedRule extends AnomalyRule {

  public ShadowedRule() {
    super(
        Code.ofRule(
            "NP305",
            "SHADOWED_RULE",
            Severity.WARNING,
            "`{1}` of {0} is shadowed: {2} decides all that it matches{3}"),
        "a shadowed rule",
        Finding.Kind.SHADOWED_RULE);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return finding.because().isEmpty() ? "a tier before" : others(finding, input);
  }
}
