package dev.postern.cli.answer;

import dev.postern.answer.Answer;
import dev.postern.cli.console.Printer;

/** The word that a person looks for first; in colour where answers may be coloured. */
final class VerdictWord {

  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String PLAIN = "\u001b[0m";

  private VerdictWord() {}

  static void write(Answer.Verdict verdict, boolean coloured, Printer out) {
    if (!coloured) {
      out.print(verdict.word());
      return;
    }
    String colour = switch (verdict) {
      case ALLOWED -> GREEN;
      case DENIED -> RED;
      case PARTIAL, UNKNOWN -> YELLOW;
    };
    out.escaped(colour + verdict.word() + PLAIN);
  }
}
