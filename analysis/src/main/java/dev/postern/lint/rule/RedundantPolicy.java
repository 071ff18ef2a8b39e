package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Severity;

/** A policy whose effect others have. */
@AutoService(LintRule.class)
public final class RedundantPolicy extends AnomalyRule {

  public RedundantPolicy() {
    super(
        Code.ofRule(
            "NP301",
            "REDUNDANT_POLICY",
            Severity.WARNING,
            "{0} is redundant: without it every verdict stays the same{2}"),
        "a redundant policy",
        Finding.Kind.REDUNDANT_POLICY);
  }

  @Override
  String detail(Finding finding, LintInput input) {
    return spanAndOthers(finding, input);
  }

  /** What a pod to come may end is no reason to change a policy, and a default deny is good practice, however little it does. */
  @Override
  boolean isSaid(Finding finding, LintInput input) {
    boolean defaultDeny =
        finding.policy().ingress().isEmpty() && finding.policy().egress().isEmpty();
    return !defaultDeny && (finding.lasting() || input.options().closed());
  }
}
