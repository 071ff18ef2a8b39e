package dev.postern.question;

import java.util.ArrayList;
import java.util.List;

/**
 * A sentence about who reaches whom that should hold, as test specifications ({@code *.postern}) have them.
 *
 * @param text the sentence as written
 * @param line its line in the specification, 1 for the first
 * @param mood what it says
 * @param sources who calls; one, or more than one for {@link Mood#ONLY}
 * @param destination who is called
 * @param asked the traffic
 */
public record Statement(
    String text, int line, Mood mood, List<Party> sources, Party destination, Asked asked)
    implements Expectation {

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
   * @param expectations the lines that are statements, in order
   * @param mistakes the lines that are none
   */
  public record Specification(List<Expectation> expectations, List<Mistake> mistakes) {
    public Specification {
      expectations = List.copyOf(expectations);
      mistakes = List.copyOf(mistakes);
    }

    /** The statements about who reaches whom, in order. */
    public List<Statement> statements() {
      return expectations.stream()
          .filter(Statement.class::isInstance)
          .map(Statement.class::cast)
          .toList();
    }
  }

  /**
   * Reads one statement, as {@code namespace dev cannot reach namespace prod}.
   *
   * @throws BadSentence if it is none
   */
  public static Statement parse(String sentence) {
    if (SentenceReader.expectation(sentence, 1) instanceof Statement statement) {
      return statement;
    }
    throw new BadSentence(
        sentence,
        new Span(0, sentence.length()),
        "it is about the policies of another file, and not about who reaches whom",
        "a file of statements can hold it");
  }

  /**
   * Reads a specification: a statement a line; from {@code #} on, a line is a comment. One bad line does not spoil the others, and a byte
   * order mark is no part of the first.
   */
  public static Specification specification(String text) {
    List<Expectation> statements = new ArrayList<>();
    List<Mistake> mistakes = new ArrayList<>();
    List<String> lines =
        (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int comment = lines.get(i).indexOf('#');
      String sentence = comment < 0 ? lines.get(i) : lines.get(i).substring(0, comment);
      if (sentence.isBlank()) {
        continue;
      }
      try {
        statements.add(SentenceReader.expectation(sentence.stripTrailing(), i + 1));
      } catch (BadSentence problem) {
        mistakes.add(new Mistake(i + 1, problem));
      }
    }
    return new Specification(statements, mistakes);
  }
}
