package dev.postern.page.browser.jdk;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;

/** What TeaVM's {@code java.io.Reader} lacks. */
public final class ReaderMethods {

  private ReaderMethods() {}

  public static long transferTo(Reader reader, Writer writer) throws IOException {
    char[] some = new char[1 << 13];
    long all = 0;
    for (int n = reader.read(some); n >= 0; n = reader.read(some)) {
      writer.write(some, 0, n);
      all += n;
    }
    return all;
  }
}
