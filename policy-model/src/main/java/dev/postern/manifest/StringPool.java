package dev.postern.manifest;

/**
 * Makes equal texts one string, mostly: the keys, labels and words of a large dump repeat a thousand times. A table of fixed size in which
 * a newcomer takes the place of whoever has the same hash, so that it neither grows nor slows down.
 */
final class StringPool {

  private static final int SIZE = 1 << 14;
  private static final int LONGEST = 64;

  private final String[] strings = new String[SIZE];

  StringPool() {
    java.util.Arrays.fill(strings, "");
  }

  /** The text from an index to before another. */
  String get(char[] chars, int from, int to) {
    int length = to - from;
    if (length > LONGEST) {
      return new String(chars, from, length);
    }
    int hash = length;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + chars[i];
    }
    int slot = (hash ^ (hash >>> 15)) & (SIZE - 1);
    String known = strings[slot];
    if (known.length() == length && matches(known, chars, from)) {
      return known;
    }
    String fresh = new String(chars, from, length);
    strings[slot] = fresh;
    return fresh;
  }

  private static boolean matches(String known, char[] chars, int from) {
    for (int i = 0; i < known.length(); i++) {
      if (known.charAt(i) != chars[from + i]) {
        return false;
      }
    }
    return true;
  }
}
