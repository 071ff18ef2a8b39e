package dev.postern.cli.answer;

import dev.postern.answer.Answer;

/** The word that a person looks for first; in colour where answers may be coloured. */
final class VerdictWord {

  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String PLAIN = "\u001b[0m";

  private VerdictWord() {}

  static String of(Answer.Verdict verdict, boolean coloured) {
    if (!coloured) {
      return verdict.word();
    }
    String colour = switch (verdict) {
      case ALLOWED -> GREEN;
      case DENIED -> RED;
      case PARTIAL, UNKNOWN -> YELLOW;
    };
    return colour + verdict.word() + PLAIN;
  }
}
