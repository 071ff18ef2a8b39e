package dev.postern.wording;

import dev.postern.meaning.Decision;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.FlowVerdict;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import dev.postern.why.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The reasons of one side of a flow, a line each. */
public final class SideLines {

  /** More rules than this are shown by how close they came. */
  private static final int MANY = 20;

  private final String indent;
  private final Abridgement abridgement;
  private final List<String> lines = new ArrayList<>();

  private SideLines(String indent, Abridgement abridgement) {
    this.indent = indent;
    this.abridgement = abridgement;
  }

  /** Words one side, so far to the right. */
  public static List<String> of(Side side, String indent, Abridgement abridgement) {
    SideLines lines = new SideLines(indent, abridgement);
    lines.write(side);
    return lines.lines;
  }

  private void write(Side side) {
    Decision decision = side.decision();
    String tier = decision.tier().map(t -> ", tier " + t.word()).orElse(", no policy applies");
    lines.add(indent + decision.direction().field() + " of " + side.subject() + ": "
        + decision.verdict().name().toLowerCase(Locale.ROOT) + tier);
    for (Cause cause : decision.causes()) {
      cause
          .rule()
          .ifPresent(rule -> lines.add(
              indent + "  " + perhaps(decision) + verb(rule) + " " + place(cause.policy(), rule)));
    }
    some(
        decision.causes().stream().filter(cause -> cause.rule().isEmpty()).toList(),
        cause -> indent + "  isolated by " + place(cause.policy()));
    List<Side.Candidate> candidates = side.candidates().size() <= abridgement.atMost(MANY)
        ? side.candidates()
        : side.candidates().stream()
            .sorted(Comparator.comparingInt(c -> -c.mismatch().closeness()))
            .toList();
    some(
        candidates,
        candidate -> indent + "  not allowed by " + place(candidate.policy(), candidate.rule())
            + ": " + candidate.mismatch());
    for (Side.Candidate near : side.nearMisses()) {
      lines.add(indent + "  would be allowed by " + place(near.policy(), near.rule()) + ", but its "
          + near.mismatch());
    }
    if (side.denies()
        && side.candidates().isEmpty()
        && decision.tier().filter(Tier.NETWORK_POLICY::equals).isPresent()) {
      lines.add(indent + "  there is no rule that could allow it");
    }
  }

  /** As many as a person reads. */
  private <T> void some(List<T> all, Function<T, String> words) {
    int most = abridgement.atMost(MANY);
    all.stream().limit(most).map(words).forEach(lines::add);
    if (all.size() > most) {
      lines.add(indent + "  … and " + (all.size() - most) + " more" + abridgement.rest("has all"));
    }
  }

  /** Of what is not known a rule decides only perhaps. */
  private static String perhaps(Decision decision) {
    return decision.verdict() == FlowVerdict.UNKNOWN ? "perhaps " : "";
  }

  private static String verb(PolicyRule rule) {
    return switch (rule.action()) {
      case ALLOW -> "allowed by";
      case DENY -> "denied by";
      case PASS -> "passed on by";
    };
  }

  private static String place(Policy policy) {
    String place = policy.origin().toString();
    return policy.id() + (place.isEmpty() ? "" : " (" + place + ")");
  }

  private static String place(Policy policy, PolicyRule rule) {
    String place = rule.origin().toString();
    String name = rule.name().isEmpty() ? "" : " `" + rule.name() + "`";
    return policy.id() + " " + rule.field() + name + (place.isEmpty() ? "" : " (" + place + ")");
  }
}
