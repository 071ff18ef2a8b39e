package dev.postern.wording;

import dev.postern.answer.Answer;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.net.Traffic;
import dev.postern.question.Question;
import dev.postern.why.DecisionWords;
import dev.postern.wording.ConnectionLines.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An answer for a person: what passes, and who decided. The verdict comes before it, notes after it.
 *
 * @param head what the verdict is about
 * @param lines what follows, a line each
 */
public record AnswerLines(String head, List<String> lines) {

  /** More lines than this nobody reads. */
  private static final int LINES = 40;

  public AnswerLines {
    lines = List.copyOf(lines);
  }

  /** Words an answer. */
  public static AnswerLines of(Answer answer, Abridgement abridgement) {
    List<Line> pairs = ConnectionLines.of(answer);
    boolean one = pairs.size() == 1 && answer.question() instanceof Question.Can;
    List<String> lines = new ArrayList<>();
    if (!one) {
      connections(answer, pairs, abridgement, lines);
    }
    if (answer.question() instanceof Question.Can) {
      boolean named = answer.witnesses().size() > 1 || !one;
      answer.witnesses().forEach(witness -> witness(witness, named, lines));
    }
    return new AnswerLines(
        one ? sentence(answer, pairs.get(0)) : answer.question().text(), lines);
  }

  private static String sentence(Answer answer, Line line) {
    String what = answer.connections().get(0).asked().toString();
    String passing = answer.verdict() == Answer.Verdict.PARTIAL ? ": " + passing(line) : "";
    return ends(line) + " on " + what + passing;
  }

  private static void connections(
      Answer answer, List<Line> pairs, Abridgement abridgement, List<String> lines) {
    boolean can = answer.question() instanceof Question.Can;
    int most = abridgement.atMost(LINES);
    List<Line> shown = pairs.stream()
        .filter(line -> can || !line.isNothing())
        .sorted(Comparator.comparing((Line line) -> pairs.size() > most && line.isNothing()))
        .toList();
    int width =
        shown.stream().limit(most).mapToInt(line -> ends(line).length()).max().orElse(0);
    shown.stream()
        .limit(most)
        .forEach(line -> lines.add("  " + pad(ends(line), width) + "  " + passing(line)));
    long more = Math.max(0, shown.size() - most) + answer.unlisted();
    if (more > 0) {
      lines.add("  … and " + more + " more"
          + abridgement.rest("lists " + (answer.unlisted() > 0 ? "more" : "all")));
    }
    if (shown.isEmpty() && !can) {
      lines.add("  " + (answer.question() instanceof Question.Who ? "nobody" : "nothing"));
    }
  }

  private static String ends(Line line) {
    return line.source() + " -> " + line.destination();
  }

  private static String passing(Line line) {
    StringBuilder text = new StringBuilder();
    if (!line.allowed().isEmpty()) {
      text.append(line.allowed());
    }
    part(text, line.partly(), " between some of their pods");
    part(text, line.unknown(), " perhaps");
    return text.isEmpty() ? "nothing" : text.toString();
  }

  private static void part(StringBuilder text, Traffic traffic, String how) {
    if (!traffic.isEmpty()) {
      text.append(text.isEmpty() ? "" : ", ").append(traffic).append(how);
    }
  }

  private static void witness(Judgement judgement, boolean named, List<String> lines) {
    String indent = "  ";
    if (named) {
      lines.add("  " + word(judgement.verdict()) + ", as " + FlowWords.of(judgement.flow()) + ":");
      indent = "    ";
    }
    if (judgement.exemption() != Judgement.Exemption.NONE) {
      lines.add(indent + ExplanationLines.exemption(judgement));
      return;
    }
    for (Decision decision : List.of(judgement.egress(), judgement.ingress())) {
      if (judgement.verdict() != FlowVerdict.DENIED || decision.verdict() == FlowVerdict.DENIED) {
        lines.add(indent + pad(decision.direction().field() + ":", 9) + DecisionWords.of(decision));
      }
    }
  }

  private static String word(FlowVerdict verdict) {
    return switch (verdict) {
      case ALLOWED -> "passes";
      case DENIED -> "does not pass";
      case UNKNOWN -> "is not known to pass";
    };
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
