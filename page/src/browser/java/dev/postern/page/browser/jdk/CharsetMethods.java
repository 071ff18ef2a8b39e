package dev.postern.page.browser.jdk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** What TeaVM's {@code java.nio.charset.Charset} does otherwise. */
public final class CharsetMethods {

  private CharsetMethods() {}

  public static CharBuffer decode(Charset charset, ByteBuffer buffer) {
    if (!charset.equals(StandardCharsets.UTF_8)) {
      return charset.decode(buffer);
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    StringBuilder text = new StringBuilder();
    Utf8.read(bytes, new Utf8.Taker<RuntimeException>() {
      @Override
      public void character(int codePoint) {
        text.appendCodePoint(codePoint);
      }

      @Override
      public void mistake(int count) {
        text.append('\ufffd');
      }
    });
    return CharBuffer.wrap(text.toString().toCharArray());
  }
}
