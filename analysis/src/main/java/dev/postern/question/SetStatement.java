package dev.postern.question;

/**
 * How the policies under test should stand to those of another file, as {@code policies permit required.yaml}.
 *
 * @param text the sentence as written
 * @param line its line in the specification, 1 for the first
 * @param relation how
 * @param path the other file or directory of manifests, as written
 * @param span where the path stands
 */
public record SetStatement(String text, int line, SetRelation relation, String path, Span span)
    implements Expectation {

  /** How one set of policies stands to another. */
  public enum SetRelation {
    /** {@code policies contain …}: all that the others let pass, passes. */
    CONTAIN,
    /** {@code policies permit …}: all that the others let pass explicitly, passes. */
    PERMIT,
    /** {@code policies forbid …}: nothing passes that the others let pass explicitly. */
    FORBID,
    /** {@code policies do not interfere with …}: where the others are explicit, nothing passes that they do not let pass. */
    NOT_INTERFERE
  }
}
