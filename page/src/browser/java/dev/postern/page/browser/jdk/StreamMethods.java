package dev.postern.page.browser.jdk;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.BaseStream;
import java.util.stream.Stream;

/** What TeaVM's {@code java.util.stream.Stream} lacks or does otherwise. */
public final class StreamMethods {

  private StreamMethods() {}

  /** TeaVM 0.16's own gives back elements of a flat map more than once. */
  public static <T> Stream<T> distinct(Stream<T> stream) {
    Set<T> once = new LinkedHashSet<>();
    stream.forEach(once::add);
    return once.stream();
  }

  @SuppressWarnings("rawtypes")
  public static BaseStream parallel(Stream stream) {
    return stream;
  }
}
