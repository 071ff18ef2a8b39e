package dev.postern.cli.answer;

import dev.postern.answer.Answer;
import dev.postern.cli.answer.ConnectionLines.Line;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Printer;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.net.Traffic;
import dev.postern.question.Question;
import dev.postern.why.DecisionWords;
import java.util.Comparator;
import java.util.List;

/** An answer for a person: the verdict, what passes, who decided, and what else to know. */
public final class AnswerText {

  /** More lines than this are a matter for JSON. */
  private static final int LINES = 40;

  private final Printer out;
  private final boolean coloured;

  /** Writes to a console. */
  public AnswerText(Console console) {
    this.out = console.out();
    this.coloured = console.coloured();
  }

  /** Writes the whole answer. */
  public void write(Answer answer) {
    List<Line> lines = ConnectionLines.of(answer);
    boolean one = lines.size() == 1 && answer.question() instanceof Question.Can;
    if (one) {
      head(answer, sentence(answer, lines.get(0)));
    } else {
      head(answer, answer.question().text());
      connections(answer, lines);
    }
    if (answer.question() instanceof Question.Can) {
      answer.witnesses().forEach(w -> witness(w, answer.witnesses().size() > 1 || !one));
    }
    NoteWords.of(answer).forEach(note -> print("  note: " + note));
  }

  private static String sentence(Answer answer, Line line) {
    String what = answer.connections().get(0).asked().toString();
    String passing = answer.verdict() == Answer.Verdict.PARTIAL ? ": " + passing(line) : "";
    return line.source() + " -> " + line.destination() + " on " + what + passing;
  }

  private void connections(Answer answer, List<Line> lines) {
    boolean can = answer.question() instanceof Question.Can;
    List<Line> shown = lines.stream()
        .filter(line -> can || !line.isNothing())
        .sorted(Comparator.comparing((Line line) -> lines.size() > LINES && line.isNothing()))
        .toList();
    int width =
        shown.stream().limit(LINES).mapToInt(line -> ends(line).length()).max().orElse(0);
    shown.stream()
        .limit(LINES)
        .forEach(line -> print("  " + pad(ends(line), width) + "  " + passing(line)));
    long more = Math.max(0, shown.size() - LINES) + answer.unlisted();
    if (more > 0) {
      print("  … and " + more + " more (-o json lists " + (answer.unlisted() > 0 ? "more" : "all")
          + ")");
    }
    if (shown.isEmpty() && !can) {
      print("  " + (answer.question() instanceof Question.Who ? "nobody" : "nothing"));
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

  private void witness(Judgement judgement, boolean named) {
    String indent = "  ";
    if (named) {
      print("  " + word(judgement.verdict()) + ", as " + FlowWords.of(judgement.flow()) + ":");
      indent = "    ";
    }
    if (judgement.exemption() != Judgement.Exemption.NONE) {
      print(indent
          + (judgement.exemption() == Judgement.Exemption.SAME_POD
              ? "a pod always reaches itself"
              : "one is the node that the other runs on: policies do not apply"));
      return;
    }
    for (Decision decision : List.of(judgement.egress(), judgement.ingress())) {
      if (judgement.verdict() != FlowVerdict.DENIED || decision.verdict() == FlowVerdict.DENIED) {
        print(indent + pad(decision.direction().field() + ":", 9) + DecisionWords.of(decision));
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

  private void head(Answer answer, String what) {
    VerdictWord.write(answer.verdict(), coloured, out);
    out.println(": " + what);
  }

  private void print(String line) {
    out.println(line);
  }
}
