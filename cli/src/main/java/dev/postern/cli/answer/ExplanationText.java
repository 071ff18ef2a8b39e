package dev.postern.cli.answer;

import dev.postern.answer.Answer;
import dev.postern.answer.KeptOut;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Printer;
import dev.postern.why.Explanation;
import dev.postern.wording.ExplanationLines;
import java.util.List;

/** Why an answer is what it is, for a person. */
public final class ExplanationText {

  private final Printer out;

  /** Writes to a console. */
  public ExplanationText(Console console) {
    this.out = console.out();
  }

  /** Writes the answer, an explanation of each of its witnesses, and of a list who is not on it. */
  public void write(Answer answer, List<Explanation> explanations, List<KeptOut> keptOut) {
    VerdictWord.write(answer.verdict(), out);
    out.println(": " + answer.question().text());
    ExplanationLines.of(explanations, keptOut, AnswerText.ABRIDGED).forEach(out::println);
    NoteWords.of(answer).forEach(note -> out.println("note: " + note));
  }
}
