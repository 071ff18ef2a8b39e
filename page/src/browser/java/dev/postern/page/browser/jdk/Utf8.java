package dev.postern.page.browser.jdk;

/** UTF-8 as a JVM reads it. TeaVM's own takes more for text, and says otherwise how much of the rest is one mistake. */
final class Utf8 {

  private Utf8() {}

  /** What takes the characters and the mistakes of some bytes. */
  interface Taker<X extends Exception> {
    void character(int codePoint);

    /** So many bytes are no character. */
    void mistake(int bytes) throws X;
  }

  static <X extends Exception> void read(byte[] bytes, Taker<X> taker) throws X {
    for (int i = 0; i < bytes.length; ) {
      int first = bytes[i] & 0xFF;
      int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
      int good = first > 0xF4 ? 0 : good(bytes, i, length);
      int codePoint = good == length && length > 0 ? codePoint(bytes, i, length) : -1;
      if (codePoint < 0 || length == 3 && codePoint >= 0xD800 && codePoint <= 0xDFFF) {
        // Half a pair is one mistake as a whole.
        int mistake = codePoint < 0 ? Math.max(1, good) : length;
        taker.mistake(mistake);
        i += mistake;
      } else {
        taker.character(codePoint);
        i += length;
      }
    }
  }

  /** How many bytes from there begin a character of this length, or are one. */
  private static int good(byte[] bytes, int at, int length) {
    for (int i = 1; i < length; i++) {
      if (at + i >= bytes.length || !follows(bytes[at] & 0xFF, i, bytes[at + i] & 0xFF)) {
        return i;
      }
    }
    return length;
  }

  /** The second byte must not begin what a shorter form says, nor go beyond the last character. */
  private static boolean follows(int first, int place, int next) {
    int least = place > 1 ? 0x80 : first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = place == 1 && first == 0xF4 ? 0x8F : 0xBF;
    return next >= least && next <= most;
  }

  private static int codePoint(byte[] bytes, int at, int length) {
    int point = length == 1 ? bytes[at] : bytes[at] & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      point = point << 6 | bytes[at + i] & 0x3F;
    }
    return point;
  }
}
