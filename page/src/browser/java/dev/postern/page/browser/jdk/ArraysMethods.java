package dev.postern.page.browser.jdk;

/** What TeaVM's {@code java.util.Arrays} lacks. */
public final class ArraysMethods {

  private ArraysMethods() {}

  public static int compare(int[] one, int[] other) {
    int both = Math.min(one.length, other.length);
    for (int i = 0; i < both; i++) {
      if (one[i] != other[i]) {
        return Integer.compare(one[i], other[i]);
      }
    }
    return one.length - other.length;
  }
}
