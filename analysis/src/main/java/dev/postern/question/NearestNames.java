package dev.postern.question;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that someone may have meant. */
public final class NearestNames {

  private NearestNames() {}

  /** Up to three of the names that are at most a third of their length away from the word, the nearest first. */
  public static List<String> of(String word, Collection<String> names) {
    return names.stream()
        .distinct()
        .filter(name -> near(word, name))
        .sorted(Comparator.<String>comparingInt(name -> distance(word, name))
            .thenComparing(Comparator.naturalOrder()))
        .limit(3)
        .toList();
  }

  static boolean near(String word, String name) {
    int far = Math.max(1, Math.max(word.length(), name.length()) / 3);
    return Math.abs(word.length() - name.length()) <= far && distance(word, name) <= far;
  }

  /** Edits between two words: letters put in, left out, replaced, or swapped with their neighbour (optimal string alignment). */
  static int distance(String from, String to) {
    int[] twoAbove = new int[to.length() + 1];
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replace = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(above[j - 1] + replace, 1 + Math.min(above[j], row[j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], twoAbove[j - 2] + 1);
        }
      }
      twoAbove = above;
      above = row;
    }
    return above[to.length()];
  }
}
