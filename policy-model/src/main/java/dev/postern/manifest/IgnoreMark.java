package dev.postern.manifest;

import dev.postern.diagnostic.Origin;

/**
 * What an author wrote beside a manifest to have findings left alone: a comment {@code # postern:ignore NP313 reason}, or the annotation
 * {@code postern.dev/ignore} with the same words.
 *
 * @param origin where it stands
 * @param extent what it is about
 * @param text what follows {@code postern:ignore}, or the annotation's value
 */
public record IgnoreMark(Origin origin, MarkedPart extent, String text) {

  /** The annotation. */
  public static final String ANNOTATION = "postern.dev/ignore";

  /** How a comment begins. */
  public static final String COMMENT = "postern:ignore";

  /** What a mark is about. */
  public sealed interface MarkedPart {}

  /**
   * One line of the file that it stands in: its own, or the next that is no comment.
   *
   * @param line 1 for the first
   */
  public record Line(int line) implements MarkedPart {}

  /** All of an object. */
  public record Whole(ObjectName object) implements MarkedPart {}
}
