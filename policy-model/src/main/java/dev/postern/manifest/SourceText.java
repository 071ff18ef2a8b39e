package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** The characters of a source: UTF-8 and nothing else, its byte order mark taken off. */
final class SourceText {

  private static final String SAVE = "save the file as UTF-8";

  private SourceText() {}

  static String decode(byte[] bytes) throws Unreadable {
    if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
      throw new Unreadable(Code.NOT_UTF8, 1, 1, "it starts like UTF-16", SAVE);
    }
    int from = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    String text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      checkStrictly(bytes, from);
    }
    return text;
  }

  private static boolean startsWith(byte[] bytes, int... values) {
    if (bytes.length < values.length) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if ((bytes[i] & 0xFF) != values[i]) {
        return false;
      }
    }
    return true;
  }

  private static void checkStrictly(byte[] bytes, int from) throws Unreadable {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
    CharBuffer out = CharBuffer.allocate(8192);
    int line = 1;
    int column = 1;
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      out.flip();
      while (out.hasRemaining()) {
        char c = out.get();
        column = c == '\n' ? 1 : column + (Character.isLowSurrogate(c) ? 0 : 1);
        line += c == '\n' ? 1 : 0;
      }
      out.clear();
      if (result.isError()) {
        String problem =
            String.format("the byte 0x%02X does not belong here", bytes[in.position()]);
        throw new Unreadable(Code.NOT_UTF8, line, column, problem, SAVE);
      }
      if (result.isUnderflow()) {
        return;
      }
    }
  }
}
