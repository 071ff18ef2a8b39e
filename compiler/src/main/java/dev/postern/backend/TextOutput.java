package dev.postern.backend;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A text on its way out, piece by piece. A destination that fails ends it with an {@link UncheckedIOException}. For one thread. */
public final class TextOutput {

  private final Appendable to;

  /** @param to where the pieces go: a writer, a builder */
  public TextOutput(Appendable to) {
    this.to = to;
  }

  /**
   * Writes a piece.
   *
   * @throws UncheckedIOException if the destination fails
   */
  public TextOutput append(CharSequence piece) {
    try {
      to.append(piece);
      return this;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /**
   * Writes a character.
   *
   * @throws UncheckedIOException if the destination fails
   */
  public TextOutput append(char piece) {
    try {
      to.append(piece);
      return this;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
