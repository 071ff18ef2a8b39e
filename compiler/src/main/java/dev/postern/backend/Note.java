package dev.postern.backend;

import java.util.Optional;

/**
 * What a {@link Reading} leaves open.
 *
 * @param text what is not known, as a sentence without its full stop
 * @param remedy what would settle it, where something does
 */
public record Note(String text, Optional<Remedy> remedy) {

  /** A note about which nothing can be done. */
  public static Note of(String text) {
    return new Note(text, Optional.empty());
  }

  /** A note with what would settle it. */
  public static Note of(String text, Remedy remedy) {
    return new Note(text, Optional.of(remedy));
  }
}
