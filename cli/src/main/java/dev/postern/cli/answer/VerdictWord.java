package dev.postern.cli.answer;

import dev.postern.answer.Answer;
import dev.postern.cli.console.Emphasis;
import dev.postern.cli.console.Printer;

/** The word that a person looks for first; in colour where answers may be coloured. */
final class VerdictWord {

  private VerdictWord() {}

  static void write(Answer.Verdict verdict, Printer out) {
    Emphasis colour = switch (verdict) {
      case ALLOWED -> Emphasis.GREEN;
      case DENIED -> Emphasis.RED;
      case PARTIAL, UNKNOWN -> Emphasis.YELLOW;
    };
    out.print(colour, verdict.word());
  }
}
