package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** A port that others cover. */
@AutoService(LintRule.class)
public final class RedundantPort extends AnomalyRule {

  public RedundantPort() {
    super(
        Code.ofRule(
            "NP304",
            "REDUNDANT_PORT",
            Severity.WARNING,
            "`{1}` of {0} is redundant: without this port every verdict stays the same{2}"),
        "a redundant port",
        Finding.Kind.REDUNDANT_PORT);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return spanAndOthers(finding, input);
  }

  /** What a pod to come may end is no reason to change a policy. */
  @Override
  boolean isSaid(Finding finding, LintInput input) {
    return finding.lasting() || input.options().closed();
  }
}
