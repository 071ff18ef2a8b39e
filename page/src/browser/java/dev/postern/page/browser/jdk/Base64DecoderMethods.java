package dev.postern.page.browser.jdk;

import java.util.Arrays;
import java.util.Base64;

/** What TeaVM's {@code java.util.Base64.Decoder} does not check: it decodes what is none. */
public final class Base64DecoderMethods {

  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private Base64DecoderMethods() {}

  /** By RFC 4648, as a JVM's basic decoder, which takes a last group without its padding. */
  public static byte[] decode(Base64.Decoder decoder, String text) {
    int end = text.length();
    while (end > 0 && text.length() - end < 2 && text.charAt(end - 1) == '=') {
      end--;
    }
    int rest = end % 4;
    boolean padded = end < text.length();
    if (rest == 1 || padded && (text.length() % 4 != 0 || rest == 0)) {
      throw new IllegalArgumentException("a group of Base64 is not whole");
    }
    byte[] bytes = new byte[end];
    int size = 0;
    int bits = 0;
    for (int i = 0; i < end; i++) {
      int digit = DIGITS.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("no digit of Base64: " + text.charAt(i));
      }
      bits = bits << 6 | digit;
      if (i % 4 > 0) {
        bytes[size++] = (byte) (bits >> (6 - 2 * (i % 4)));
      }
    }
    return Arrays.copyOf(bytes, size);
  }
}
