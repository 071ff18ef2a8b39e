package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.UnreadPolicy.Cause;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Subject;
import java.util.function.Consumer;

/** Policies of kinds that are not read, so that nobody knows what they do. What has an error was said when it was read. */
@AutoService(LintRule.class)
public final class KindNotRead implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP360",
      "KIND_NOT_READ",
      Severity.WARNING,
      "{0} is of a kind that Postern does not read: what it does to {1} is not known");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a policy of a kind that is not read";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    input.cluster().unread().stream()
        .filter(policy -> policy.cause() == Cause.KIND)
        .forEach(policy -> found.accept(CODE.at(policy.origin(), policy, words(policy.subject()))));
  }

  private static String words(Subject subject) {
    String pods = subject.pods().isEverything() ? "pods" : "pods " + subject.pods();
    return subject.namespaces() instanceof NamespaceSelection.Named named
        ? pods + " in namespace " + named.namespace()
        : pods + " in every namespace";
  }
}
