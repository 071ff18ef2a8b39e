package dev.postern.cli.answer;

import dev.postern.answer.Answer;
import dev.postern.answer.KeptOut;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Printer;
import dev.postern.diff.Difference;
import dev.postern.diff.Difference.Row;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import dev.postern.why.Change;
import dev.postern.why.Explanation;
import dev.postern.why.Side;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Why an answer is what it is, for a person. */
public final class ExplanationText {

  /** More rules than this are shown by how close they came, and the rest is a matter for JSON. */
  private static final int MANY = 20;

  /** As many rows of what a change opens or closes. */
  private static final int ROWS = 4;

  /** As many sets of steps. */
  private static final int SETS = 3;

  private final Printer out;
  private final boolean coloured;

  /** Writes to a console. */
  public ExplanationText(Console console) {
    this.out = console.out();
    this.coloured = console.coloured();
  }

  /** Writes the answer, an explanation of each of its witnesses, and of a list who is not on it. */
  public void write(Answer answer, List<Explanation> explanations, List<KeptOut> keptOut) {
    head(answer, answer.question().text());
    explanations.forEach(this::write);
    if (!keptOut.isEmpty()) {
      print("");
      KeptOutWords.lines(keptOut).forEach(this::print);
    }
    NoteWords.of(answer).forEach(note -> print("note: " + note));
  }

  private void write(Explanation explanation) {
    Judgement judgement = explanation.judgement();
    print("");
    print(FlowWords.of(judgement.flow()) + " " + word(judgement.verdict()));
    if (judgement.exemption() != Judgement.Exemption.NONE) {
      print(
          judgement.exemption() == Judgement.Exemption.SAME_POD
              ? "  a pod always reaches itself"
              : "  one is the node that the other runs on: policies do not apply");
      return;
    }
    for (Side side : List.of(explanation.egress(), explanation.ingress())) {
      side(side, "  ");
    }
    changes(explanation);
  }

  private static String word(FlowVerdict verdict) {
    return switch (verdict) {
      case ALLOWED -> "passes:";
      case DENIED -> "does not pass:";
      case UNKNOWN -> "may pass or not, the manifests do not say:";
    };
  }

  /** Writes the reasons of one side, so far to the right. */
  void side(Side side, String indent) {
    Decision decision = side.decision();
    String tier = decision.tier().map(t -> ", tier " + t.word()).orElse(", no policy applies");
    print(indent + decision.direction().field() + " of " + side.subject() + ": "
        + decision.verdict().name().toLowerCase(Locale.ROOT) + tier);
    for (Cause cause : decision.causes()) {
      cause
          .rule()
          .ifPresent(rule -> print(indent + "  " + verb(rule) + " " + place(cause.policy(), rule)));
    }
    some(
        decision.causes().stream().filter(cause -> cause.rule().isEmpty()).toList(),
        indent,
        cause -> indent + "  isolated by " + place(cause.policy()));
    List<Side.Candidate> candidates = side.candidates().size() <= MANY
        ? side.candidates()
        : side.candidates().stream()
            .sorted(Comparator.comparingInt(c -> -c.mismatch().closeness()))
            .toList();
    some(
        candidates,
        indent,
        candidate -> indent + "  not allowed by " + place(candidate.policy(), candidate.rule())
            + ": " + candidate.mismatch());
    for (Side.Candidate near : side.nearMisses()) {
      print(indent + "  would be allowed by " + place(near.policy(), near.rule()) + ", but its "
          + near.mismatch());
    }
    if (side.denies()
        && side.candidates().isEmpty()
        && decision.tier().filter(Tier.NETWORK_POLICY::equals).isPresent()) {
      print(indent + "  there is no rule that could allow it");
    }
  }

  /** As many as a person reads. */
  private <T> void some(List<T> all, String indent, Function<T, String> words) {
    all.stream().limit(MANY).map(words).forEach(this::print);
    if (all.size() > MANY) {
      print(indent + "  … and " + (all.size() - MANY) + " more (-o json has all)");
    }
  }

  private static String verb(PolicyRule rule) {
    return switch (rule.action()) {
      case ALLOW -> "allowed by";
      case DENY -> "denied by";
      case PASS -> "passed on by";
    };
  }

  /** The smallest sets of steps, any of which is enough. */
  private void changes(Explanation explanation) {
    List<Change> changes = explanation.changes();
    for (int i = 0; i < Math.min(SETS, changes.size()); i++) {
      Change change = changes.get(i);
      print(
          i == 0
              ? "  to " + (change.verdict() == FlowVerdict.ALLOWED ? "allow" : "deny") + " it:"
              : "  or:");
      change.steps().forEach(step -> print("    " + step));
      effect(change, explanation.judgement().flow());
    }
    int rest = changes.size() - SETS;
    if (rest > 0) {
      boolean more = explanation.moreChanges();
      print("  … or " + (more ? "at least " : "") + rest + " other set" + (rest == 1 ? "" : "s")
          + " of steps (-o json has " + (more ? "the first " + changes.size() : "all") + ")");
    }
  }

  /** What else comes of it, so that nobody opens more than they want to. */
  private void effect(Change change, Flow asked) {
    Difference effect = change.effect();
    List<Row> rows = change.verdict() == FlowVerdict.ALLOWED ? effect.opened() : effect.closed();
    List<Row> others = change.verdict() == FlowVerdict.ALLOWED ? effect.closed() : effect.opened();
    boolean allows = change.verdict() == FlowVerdict.ALLOWED;
    if (others.isEmpty() && rows.size() == 1 && isOnly(rows.get(0), asked)) {
      print("      which " + (allows ? "opens" : "closes") + " nothing else");
      return;
    }
    rows(allows ? "which opens" : "which closes", rows);
    if (others.isEmpty()) {
      print("      and " + (allows ? "closes" : "opens") + " nothing");
    } else {
      rows(allows ? "and closes" : "and opens", others);
    }
  }

  private void rows(String verb, List<Row> rows) {
    rows.stream().limit(ROWS).forEach(row -> print("      " + verb + " " + row));
    if (rows.size() > ROWS) {
      print("      " + verb + " … and " + (rows.size() - ROWS) + " more (-o json has all)");
    }
  }

  /** Whether a row is about the two ends and the port that were asked about, and no more. */
  private static boolean isOnly(Row row, Flow asked) {
    return row.source().words().equals(List.of(name(asked.source())))
        && row.destination().words().equals(List.of(name(asked.destination())))
        && row.traffic().equals(traffic(asked));
  }

  /** An end as rows call it. */
  private static String name(End end) {
    if (end instanceof End.InPod pod) {
      return pod.workload().id();
    }
    return end instanceof End.Outside outside
        ? Cidr.of(outside.address()).toString()
        : end.toString();
  }

  private static Traffic traffic(Flow flow) {
    return flow.protocol().hasPorts()
        ? Traffic.of(flow.protocol(), PortSet.of(flow.port()))
        : new Traffic(PortSet.NONE, PortSet.NONE, PortSet.NONE, true);
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

  private void head(Answer answer, String what) {
    VerdictWord.write(answer.verdict(), coloured, out);
    out.println(": " + what);
  }

  private void print(String line) {
    out.println(line);
  }
}
