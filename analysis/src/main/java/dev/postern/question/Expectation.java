package dev.postern.question;

/** What a specification ({@code *.postern}) expects: a sentence about who reaches whom, or about the policies of another file. */
public sealed interface Expectation permits Statement, SetStatement {

  /** The sentence as written. */
  String text();

  /** Its line in the specification, 1 for the first. */
  int line();

  /**
   * Reads one.
   *
   * @throws BadSentence if it is none
   */
  static Expectation parse(String sentence) {
    return SentenceReader.expectation(sentence, 1);
  }
}
