package dev.postern.page.browser.jdk;

import java.util.stream.IntStream;

/** What TeaVM's {@code java.util.stream.IntStream} lacks. */
public final class IntStreamMethods {

  private IntStreamMethods() {}

  public static IntStream parallel(IntStream stream) {
    return stream;
  }
}
