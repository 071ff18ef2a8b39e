package dev.postern.question;

import java.util.ArrayList;
import java.util.List;

/**
 * A sentence that should hold, as test specifications ({@code *.postern}) have them.
 *
 * @param text the sentence as written
 * @param line its line in the specification, 1 for the first
 * @param mood what it says
 * @param sources who calls; one, or more than one for {@link Mood#ONLY}
 * @param destination who is called
 * @param asked the traffic
 */
public record Statement(
    String text, int line, Mood mood, List<Party> sources, Party destination, Asked asked) {

  /** What a statement says. */
  public enum Mood {
    /** {@code … can reach …}. */
    CAN,
    /** {@code … cannot reach …}: not at all, none of them. */
    CANNOT,
    /** {@code … can never reach …}: nor could any pod that may come, with whatever labels. */
    NEVER,
    /** {@code only … can reach …}: they can, and nobody else. */
    ONLY
  }

  public Statement {
    sources = List.copyOf(sources);
  }

  /** A line of a specification that is no statement. */
  public record Mistake(int line, BadSentence problem) {}

  /**
   * What a specification holds.
   *
   * @param statements the lines that are statements, in order
   * @param mistakes the lines that are none
   */
  public record Specification(List<Statement> statements, List<Mistake> mistakes) {
    public Specification {
      statements = List.copyOf(statements);
      mistakes = List.copyOf(mistakes);
    }
  }

  /**
   * Reads one statement, as {@code namespace dev cannot reach namespace prod}.
   *
   * @throws BadSentence if it is none
   */
  public static Statement parse(String sentence) {
    return SentenceReader.statement(sentence, 1);
  }

  /** Reads a specification: a statement a line; from {@code #} on, a line is a comment. One bad line does not spoil the others. */
  public static Specification specification(String text) {
    List<Statement> statements = new ArrayList<>();
    List<Mistake> mistakes = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int comment = lines.get(i).indexOf('#');
      String sentence = comment < 0 ? lines.get(i) : lines.get(i).substring(0, comment);
      if (sentence.isBlank()) {
        continue;
      }
      try {
        statements.add(SentenceReader.statement(sentence.stripTrailing(), i + 1));
      } catch (BadSentence problem) {
        mistakes.add(new Mistake(i + 1, problem));
      }
    }
    return new Specification(statements, mistakes);
  }
}
