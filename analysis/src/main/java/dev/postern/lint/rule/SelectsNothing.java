package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.why.NearMatch;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A policy whose subject is nobody, though pods of its namespace are in the input. */
@AutoService(LintRule.class)
public final class SelectsNothing implements LintRule {

  private static final Code CODE =
      Code.ofRule("NP309", "SELECTS_NOTHING", Severity.WARNING, "{0} selects no pod: {1}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a policy that selects nothing";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    FindingsByCause groups = new FindingsByCause(found);
    for (Policy policy : input.cluster().policies()) {
      if (!input.plan().targets(policy).isEmpty() || !isKnown(policy, input)) {
        continue;
      }
      Subject subject = policy.subject();
      Optional<NearMatch> near =
          input.nearMatch(subject.namespaces(), subject.pods(), policy.kind());
      String why = near.map(NearMatch::words).orElse(nobody(subject));
      Diagnostic finding = CODE.at(policy.origin(), policy, why)
          .hint(near.filter(match -> !match.isElsewhere()).map(NearMatch::hint).orElse(""))
          .severity(
              near.filter(match -> !match.isElsewhere()).isPresent()
                      || input.options().closed()
                  ? Severity.WARNING
                  : Severity.INFO);
      groups.add(List.of(policy.namespace(), why), finding);
    }
  }

  private static String nobody(Subject subject) {
    return subject.pods().isEverything()
        ? "there is none in its namespaces"
        : "none here has the labels `" + subject.pods() + "`";
  }

  /** Whether the pods that it could select are in the input. */
  private static boolean isKnown(Policy policy, LintInput input) {
    return policy.subject().namespaces() instanceof NamespaceSelection.Named named
        ? input.hasPods(named.namespace())
        : input.options().closed();
  }
}
