package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** A peer that others cover. */
@AutoService(LintRule.class)
public final class RedundantPeer extends AnomalyRule {

  public RedundantPeer() {
    super(
        Code.ofRule(
            "NP303",
            "REDUNDANT_PEER",
            Severity.WARNING,
            "`{1}` of {0} is redundant: without this peer every verdict stays the same{2}"),
        "a redundant peer",
        Finding.Kind.REDUNDANT_PEER);
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
