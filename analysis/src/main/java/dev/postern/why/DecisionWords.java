package dev.postern.why;

import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.policy.Action;
import dev.postern.policy.PolicyKind;
import java.util.stream.Collectors;

/** Why one side of a flow decides as it does, in one line. */
public final class DecisionWords {

  private DecisionWords() {}

  /** The rules that decide, with file, line and column, or the policies that isolate. */
  public static String of(Decision decision) {
    if (decision.causes().isEmpty()) {
      return "no policy applies";
    }
    if (decision.causes().stream().allMatch(cause -> isOpen(decision, cause))) {
      return "not known";
    }
    String rules = named(decision, true);
    String isolating = named(decision, false);
    if (rules.isEmpty()) {
      return "no rule allows it, and these isolate: " + isolating;
    }
    String verb = switch (decision.verdict()) {
      case ALLOWED -> "";
      case DENIED -> "denied by ";
      case UNKNOWN -> "perhaps ";
    };
    return verb + rules + (isolating.isEmpty() ? "" : ", else isolated by " + isolating);
  }

  /** Whether nobody knows what it says; a network of its own denies for certain. */
  private static boolean isOpen(Decision decision, Decision.Cause cause) {
    return cause.policy().kind() == PolicyKind.UNDETERMINED
        && !(decision.verdict() == FlowVerdict.DENIED
            && cause.rule().filter(rule -> rule.action() == Action.DENY).isPresent());
  }

  private static String named(Decision decision, boolean rules) {
    return decision.causes().stream()
        .filter(cause -> cause.rule().isPresent() == rules && !isOpen(decision, cause))
        .map(cause -> {
          String place =
              cause.rule().map(r -> r.origin()).orElse(cause.policy().origin()).toString();
          return cause.policy().id()
              + cause.rule().map(r -> " " + r.field()).orElse("")
              + (place.isEmpty() ? "" : " (" + place + ")");
        })
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
