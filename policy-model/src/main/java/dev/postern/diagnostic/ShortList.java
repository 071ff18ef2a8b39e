package dev.postern.diagnostic;

import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** A list of names in a sentence, of which only the first are named: {@code a, b and 3 more}. */
public final class ShortList {

  private ShortList() {}

  /**
   * Joins the texts of a stream.
   *
   * @param most as many are named, at least 1; the others are counted
   * @throws IllegalArgumentException if that is less than 1
   */
  public static Collector<Object, ?, String> ofFirst(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("names " + most + ", and one at least is needed");
    }
    return Collectors.collectingAndThen(
        Collectors.mapping(Object::toString, Collectors.toList()), all -> words(all, most));
  }

  private static String words(List<String> all, int most) {
    return all.size() > most
        ? String.join(", ", all.subList(0, most)) + " and " + (all.size() - most) + " more"
        : String.join(", ", all);
  }
}
