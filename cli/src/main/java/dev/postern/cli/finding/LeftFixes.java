package dev.postern.cli.finding;

import java.util.List;

/**
 * Fixes that were wanted and are not made.
 *
 * @param file the file, as findings name it
 * @param number how many
 * @param why why not, in words
 */
public record LeftFixes(String file, int number, String why) {

  static void add(String file, int number, String why, List<LeftFixes> all) {
    if (number > 0) {
      all.add(new LeftFixes(file, number, why));
    }
  }

  /** {@code a.json: 2 fixes not made: it is JSON}. */
  public String text() {
    return file + ": " + number + (number == 1 ? " fix" : " fixes") + " not made: " + why;
  }
}
