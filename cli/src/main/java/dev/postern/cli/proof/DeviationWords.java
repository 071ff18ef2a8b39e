package dev.postern.cli.proof;

import dev.postern.backend.Obligation;
import dev.postern.prove.Deviation;
import dev.postern.prove.Extent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Kinds of deviations in the command line's words. */
public final class DeviationWords {

  private DeviationWords() {}

  /** The obligation that a word names. */
  public static Optional<Obligation> obligation(String word) {
    return Arrays.stream(Obligation.values())
        .filter(each -> word(each).equals(word))
        .findFirst();
  }

  /** All words, in the order in which a packet is said to be of a kind. */
  public static List<String> all() {
    return Arrays.stream(Obligation.values()).map(DeviationWords::word).toList();
  }

  static String word(Obligation obligation) {
    return obligation.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String kind(Deviation cause) {
    return cause.obligation().map(DeviationWords::word).orElse("policies");
  }

  static String side(Deviation cause) {
    return cause.isMoreOpen() ? "more open" : "more closed";
  }

  static String extent(Extent extent) {
    return "seen between " + extent.pairs() + " of " + extent.allPairs()
        + " pairs of pods, and between " + extent.pods() + " of " + extent.allPods()
        + " pods and others";
  }

  /** What --leave-open would have to be given for these kinds. */
  static List<String> canBeLeftOpen(List<Deviation> kinds) {
    return kinds.stream()
        .flatMap(kind -> kind.obligation().stream())
        .distinct()
        .sorted()
        .map(DeviationWords::word)
        .toList();
  }
}
