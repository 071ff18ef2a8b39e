package dev.postern.cli.answer;

import dev.postern.answer.Answer;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Printer;
import dev.postern.wording.Abridgement;
import dev.postern.wording.AnswerLines;

/** An answer for a person: the verdict, what passes, who decided, and what else to know. */
public final class AnswerText {

  /** More than a person reads is a matter for JSON. */
  static final Abridgement ABRIDGED = Abridgement.shortened("-o json");

  private final Printer out;

  /** Writes to a console. */
  public AnswerText(Console console) {
    this.out = console.out();
  }

  /** Writes the whole answer. */
  public void write(Answer answer) {
    AnswerLines words = AnswerLines.of(answer, ABRIDGED);
    VerdictWord.write(answer.verdict(), out);
    out.println(": " + words.head());
    words.lines().forEach(out::println);
    NoteWords.of(answer).forEach(note -> out.println("  note: " + note));
  }
}
