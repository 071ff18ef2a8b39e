package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** A rule whose effect others have. */
@AutoService(LintRule.class)
public final class RedundantRule extends AnomalyRule {

  public RedundantRule() {
    super(
        Code.ofRule(
            "NP302",
            "REDUNDANT_RULE",
            Severity.WARNING,
            "`{1}` of {0} is redundant: all that it allows is allowed by {2}"),
        "a redundant rule",
        Finding.Kind.REDUNDANT_RULE);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return others(finding, input) + span(finding);
  }

  /** What a pod to come may end is no reason to change a policy. */
  @Override
  boolean isSaid(Finding finding, LintInput input) {
    return finding.lasting() || input.options().closed();
  }
}
