package dev.postern.page.browser.jdk;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** What SnakeYAML Engine's {@code UriEncoder} would do otherwise, since it relies on the JVM's decoder. */
public final class UriEncoderMethods {

  private UriEncoderMethods() {}

  public static String decode(ByteBuffer buffer) throws CharacterCodingException {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    StringBuilder text = new StringBuilder();
    Utf8.read(bytes, new Utf8.Taker<CharacterCodingException>() {
      @Override
      public void character(int codePoint) {
        text.appendCodePoint(codePoint);
      }

      @Override
      public void mistake(int count) throws CharacterCodingException {
        throw new Malformed(count);
      }
    });
    return text.toString();
  }

  /** Says what a JVM's says. */
  private static final class Malformed extends CharacterCodingException {

    private static final long serialVersionUID = 1;

    private final int length;

    Malformed(int length) {
      this.length = length;
    }

    @Override
    public String getMessage() {
      return "Input length = " + length;
    }
  }
}
