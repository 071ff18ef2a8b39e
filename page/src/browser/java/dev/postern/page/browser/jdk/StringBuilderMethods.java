package dev.postern.page.browser.jdk;

/** What TeaVM's {@code java.lang.StringBuilder} does not check. */
public final class StringBuilderMethods {

  private StringBuilderMethods() {}

  /** As a JVM's, which refuses what is no character: the reader of YAML relies on that. */
  public static StringBuilder appendCodePoint(StringBuilder text, int codePoint) {
    if (!Character.isValidCodePoint(codePoint)) {
      throw new IllegalArgumentException("no character: " + codePoint);
    }
    return text.appendCodePoint(codePoint);
  }
}
