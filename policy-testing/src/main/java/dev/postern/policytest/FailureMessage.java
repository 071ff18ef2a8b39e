package dev.postern.policytest;

import dev.postern.deadline.Deadline;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.question.Statement;
import dev.postern.spec.Check;
import dev.postern.verify.Verifier;
import dev.postern.why.Change;
import dev.postern.why.DecisionWords;
import dev.postern.why.Explanation;
import dev.postern.why.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Why a statement does not hold: what is so instead, a flow that shows it, who decided, what came closest, and what would turn it. */
final class FailureMessage {

  /** More is a matter for {@code postern why}. */
  private static final int CANDIDATES = 5;

  /** What would turn a verdict may take long to find, and a test that fails is not to wait for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private FailureMessage() {}

  static String of(Check check, Verifier verifier) {
    List<String> lines = new ArrayList<>();
    lines.add(check.statement().text() + ": " + head(check.result()) + check.detail());
    check.witness().ifPresent(witness -> reasons(witness, check, verifier, lines));
    return String.join("\n", lines);
  }

  private static String head(Check.Result result) {
    return switch (result) {
      case HOLDS -> "";
      case FAILS -> "does not hold: ";
      case UNDECIDED -> "undecided: ";
      case BAD -> "is no statement about this cluster: ";
    };
  }

  private static void reasons(
      Judgement witness, Check check, Verifier verifier, List<String> lines) {
    lines.add("  " + witness.flow() + " " + word(witness.verdict()));
    if (witness.exemption() != Judgement.Exemption.NONE) {
      lines.add(
          witness.exemption() == Judgement.Exemption.SAME_POD
              ? "    a pod always reaches itself"
              : "    one is the node that the other runs on: policies do not apply");
      return;
    }
    if (check.statement() instanceof Statement statement
        && statement.mood() == Statement.Mood.NEVER) {
      // Its pods may be ones that the cluster does not have.
      lines.add(decision(witness.egress()));
      lines.add(decision(witness.ingress()));
      return;
    }
    Explanation explanation = explanation(witness, verifier);
    for (Side side : List.of(explanation.egress(), explanation.ingress())) {
      lines.add(decision(side.decision()));
      side.candidates().stream()
          .limit(CANDIDATES)
          .forEach(each -> lines.add("      not allowed by " + place(each.policy(), each.rule())
              + ": " + each.mismatch()));
      side.nearMisses()
          .forEach(each -> lines.add("      would be allowed by "
              + place(each.policy(), each.rule()) + ", but its " + each.mismatch()));
    }
    explanation.change().ifPresent(change -> steps(change, lines));
  }

  private static Explanation explanation(Judgement witness, Verifier verifier) {
    try {
      return Deadline.after(PATIENCE)
          .during(() -> Explanation.of(witness, verifier.plan().cluster(), verifier.options()));
    } catch (Deadline.Passed late) {
      return Explanation.reasons(witness, verifier.plan().cluster(), verifier.options());
    }
  }

  private static void steps(Change change, List<String> lines) {
    lines.add("    to " + (change.verdict() == FlowVerdict.ALLOWED ? "allow" : "deny") + " it:");
    change.steps().forEach(step -> lines.add("      " + step));
  }

  private static String word(FlowVerdict verdict) {
    return switch (verdict) {
      case ALLOWED -> "passes";
      case DENIED -> "does not pass";
      case UNKNOWN -> "may pass or not";
    };
  }

  private static String decision(Decision decision) {
    return "    " + decision.direction().field() + ": " + DecisionWords.of(decision);
  }

  private static String place(Policy policy, PolicyRule rule) {
    String place = rule.origin().toString();
    return policy.id() + " " + rule.field() + (place.isEmpty() ? "" : " (" + place + ")");
  }
}
