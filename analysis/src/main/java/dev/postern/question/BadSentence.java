package dev.postern.question;

import dev.postern.diagnostic.Printable;
import java.util.Optional;

/** A sentence that says nothing, or names something that is not there: where it went wrong, why, and what to write instead. */
public final class BadSentence extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final String sentence;
  private final int start;
  private final int end;
  private final String problem;
  private final String hint;

  /**
   * A problem with a part of a sentence.
   *
   * @param sentence the whole sentence
   * @param span the words that are wrong
   * @param problem what is wrong, in lower case
   * @param hint what to write instead; empty if there is nothing to say
   */
  public BadSentence(String sentence, Span span, String problem, String hint) {
    super(problem);
    this.sentence = sentence;
    this.start = Math.min(span.start(), sentence.length());
    this.end = Math.min(Math.max(span.end(), start + 1), Math.max(sentence.length(), start + 1));
    this.problem = problem;
    this.hint = hint;
  }

  /** The whole sentence. */
  public String sentence() {
    return sentence;
  }

  /** The first character of the words that are wrong, 1 for the first of the sentence. */
  public int column() {
    return start + 1;
  }

  /** What is wrong. */
  public String problem() {
    return problem;
  }

  /** What to write instead. */
  public Optional<String> hint() {
    return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
  }

  /** One line: {@code expected `reach` (hint: …)}. */
  @Override
  public String getMessage() {
    return problem + hint().map(h -> " (hint: " + h + ")").orElse("");
  }

  /** The sentence on one line, and carets below the words that are wrong on the next; both indented by two. */
  public String excerpt() {
    return "  " + Printable.line(sentence.replaceAll("\\s", " ")) + "\n  " + " ".repeat(start)
        + "^".repeat(end - start);
  }
}
