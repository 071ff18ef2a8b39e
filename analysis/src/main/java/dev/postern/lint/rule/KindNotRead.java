package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.UnreadPolicy.Cause;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Subject;
import dev.postern.reach.NotRead;
import java.util.List;
import java.util.function.Consumer;

/**
 * Policies that are not read, so that nobody knows what they do: for their kind, for parameters that are open, or since the cluster did not
 * show them. One with an error is not read either; its error was said when it was read.
 */
@AutoService(LintRule.class)
public final class KindNotRead implements LintRule {

  private static final Code CODE =
      Code.ofRule("NP360", "KIND_NOT_READ", Severity.WARNING, "{0}: what {1} to {2} is not known");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a policy that is not read";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    FindingsByCause groups = new FindingsByCause(found);
    input.cluster().unread().stream()
        .filter(UnreadPolicy::matters)
        .filter(policy -> policy.cause() != Cause.ERROR && policy.cause() != Cause.NETWORK)
        .forEach(policy -> groups.add(
            List.of(policy.cause(), NotRead.kind(policy)),
            CODE.at(
                policy.origin(),
                why(policy),
                policy.cause() == Cause.UNSEEN ? "they do" : "it does",
                words(policy.subject()))));
  }

  private static String why(UnreadPolicy policy) {
    return switch (policy.cause()) {
      case KIND -> named(policy) + " is of a kind that Postern does not read";
      case PARAMETERS -> policy + " has open parameters, and is not read";
      case UNSEEN -> "the cluster did not show its policies of the kind " + NotRead.kind(policy);
      case NETWORK, ERROR, STAGED, IGNORED -> throw new IllegalArgumentException(policy.toString());
    };
  }

  /** A kind that shares its name with one that is read says its group. */
  private static String named(UnreadPolicy policy) {
    String kind = NotRead.kind(policy);
    return kind.equals(policy.kind())
        ? policy.toString()
        : policy.toString().replaceFirst(policy.kind(), kind);
  }

  private static String words(Subject subject) {
    String pods = subject.pods().isEverything() ? "pods" : "pods " + subject.pods();
    return subject.namespaces() instanceof NamespaceSelection.Named named
        ? pods + " in namespace " + named.namespace()
        : pods + " in every namespace";
  }
}
