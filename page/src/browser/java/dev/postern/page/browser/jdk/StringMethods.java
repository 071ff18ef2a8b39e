package dev.postern.page.browser.jdk;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What TeaVM's {@code java.lang.String} lacks. */
public final class StringMethods {

  private StringMethods() {}

  public static Stream<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        lines.add(text.substring(start, i));
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines.stream();
  }
}
