package dev.postern.algebra;

/** Turns how many there are of each number into where those of each begin, in a list of all that is sorted by number. */
public final class RunningTotals {

  private RunningTotals() {}

  /**
   * Makes each entry the sum of all up to it, in place. In the thread that asks: the JDK's own {@code parallelPrefix} wakes others for a few
   * dozen entries, which costs more than adding thousands.
   */
  public static void sum(int[] counts) {
    for (int i = 1; i < counts.length; i++) {
      counts[i] += counts[i - 1];
    }
  }
}
