package dev.postern.traffic;

import java.io.IOException;

/** The bytes that some programs put before text to say how it is encoded. */
final class ByteOrderMark {

  /** How many bytes it has in UTF-8. */
  static final int UTF_8 = 3;

  private ByteOrderMark() {}

  /** Whether bytes from one place up to, not including, another begin with that of UTF-8. */
  static boolean isUtf8(byte[] bytes, int from, int to) {
    return to - from >= UTF_8
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF;
  }

  /**
   * Refuses text that says that it is in another encoding.
   *
   * @throws IOException if it does
   */
  static void requireUtf8(byte[] head) throws IOException {
    boolean little = head.length >= 2 && head[0] == (byte) 0xFF && head[1] == (byte) 0xFE;
    boolean big = head.length >= 2 && head[0] == (byte) 0xFE && head[1] == (byte) 0xFF;
    if (little || big) {
      throw new IOException(
          "it is text in UTF-16, as PowerShell's `>` writes it (hint: write it in UTF-8)");
    }
  }
}
