package dev.postern.wording;

import java.util.Optional;

/**
 * How much of a long answer is said.
 *
 * @param elsewhere what has all of it, as {@code -o json}; empty where all of it is said here
 */
public record Abridgement(Optional<String> elsewhere) {

  /** Everything is said. */
  public static final Abridgement WHOLE = new Abridgement(Optional.empty());

  /** As much as a person reads at once, and where the rest is. */
  public static Abridgement shortened(String elsewhere) {
    return new Abridgement(Optional.of(elsewhere));
  }

  /** Of how many things at most each is said, where a person would read so many. */
  int atMost(int few) {
    return elsewhere.isPresent() ? few : Integer.MAX_VALUE;
  }

  /** {@code (-o json has all)}, after a blank; empty where nothing is left out. */
  String rest(String what) {
    return elsewhere.map(where -> " (" + where + " " + what + ")").orElse("");
  }
}
