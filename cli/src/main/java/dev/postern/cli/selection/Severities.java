package dev.postern.cli.selection;

import dev.postern.diagnostic.Severity;
import java.util.Arrays;
import java.util.Optional;

/** How severities are written. */
final class Severities {

  private Severities() {}

  /** The severity of a word; empty if it is none. */
  static Optional<Severity> of(String word) {
    return Arrays.stream(Severity.values())
        .filter(severity -> severity.word().equals(word))
        .findFirst();
  }

  /** Whether one is at least as bad as another. */
  static boolean atLeast(Severity severity, Severity other) {
    return severity.compareTo(other) <= 0;
  }
}
