package dev.postern.question;

/**
 * Where words stand in a sentence.
 *
 * @param start the index of the first character, from 0
 * @param end the index after the last character
 */
public record Span(int start, int end) {

  /** For a value that a program made. */
  public static final Span NONE = new Span(0, 0);
}
