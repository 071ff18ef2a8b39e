package dev.postern.diagnostic;

import java.util.stream.Collectors;

/**
 * Text from outside (a file's name, a label, another program's words), made safe to show on one line: it cannot move a terminal's cursor,
 * start a line of its own, reorder or hide what stands beside it, and it is text that UTF-8 and XML 1.0 can say.
 */
public final class Printable {

  private static final int REPLACEMENT = 0xFFFD;

  private Printable() {}

  /** The text with line breaks as {@code \n} and {@code \r}, and every other character that is not safe as U+FFFD; tabs stay. */
  public static String line(String text) {
    int at = 0;
    while (at < text.length() && isPlain(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder line = new StringBuilder(text.length() + 8).append(text, 0, at);
    text.substring(at).codePoints().forEach(point -> {
      switch (point) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        default -> line.appendCodePoint(isUnsafe(point) ? REPLACEMENT : point);
      }
    });
    return line.toString();
  }

  /** Lines, each made safe. */
  public static String lines(String text) {
    return text.lines().map(Printable::line).collect(Collectors.joining("\n"));
  }

  /** Most text is ASCII. */
  private static boolean isPlain(char unit) {
    return (unit >= ' ' && unit < 0x7F) || unit == '\t';
  }

  /** Whether a character must not reach a reader as it is. */
  public static boolean isUnsafe(int point) {
    return (Character.isISOControl(point) && point != '\t')
        || isLineSeparator(point)
        || isDirectional(point)
        || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
        || isNoncharacter(point)
        || point == 0xFEFF;
  }

  private static boolean isLineSeparator(int point) {
    return point == 0x2028 || point == 0x2029;
  }

  /** Bidirectional controls (Unicode Standard Annex 9). */
  private static boolean isDirectional(int point) {
    return point == 0x061C
        || point == 0x200E
        || point == 0x200F
        || (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069);
  }

  private static boolean isNoncharacter(int point) {
    return (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
  }
}
