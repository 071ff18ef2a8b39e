package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.UnreadPolicy.Cause;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import java.util.function.Consumer;

/** Policies of kinds that only log what they would do. */
@AutoService(LintRule.class)
public final class StagedPolicy implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP361", "STAGED_POLICY", Severity.WARNING, "{0} enforces nothing: its kind is a rehearsal");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a policy that enforces nothing";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    input.cluster().unread().stream()
        .filter(policy -> policy.cause() == Cause.STAGED)
        .forEach(policy -> found.accept(CODE.at(policy.origin(), policy)));
  }
}
