package dev.postern.diagnostic;

import java.util.List;

/**
 * Edits of text that take a finding away.
 *
 * @param title what they do, as {@code remove the null `from`}
 * @param safety whether they may be made unasked
 * @param edits all to be made together; they do not overlap
 */
public record Fix(String title, Safety safety, List<TextEdit> edits) {

  /** What a fix does to verdicts. */
  public enum Safety {
    /** No verdict changes, or the object could not be read before. */
    SAFE,
    /** Verdicts change as the title says: somebody has to want it. */
    WHEN_ASKED
  }

  public Fix {
    edits = List.copyOf(edits);
  }
}
