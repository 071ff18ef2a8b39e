package dev.postern.cli.console;

/** Text that came from outside, made safe to print: a manifest must not move a terminal's cursor or hide a line of output. */
public final class Printable {

  private Printable() {}

  /** The text with every control character but line breaks and tabs, and every character that reorders text, shown as U+FFFD. */
  public static String of(String text) {
    return text.codePoints().anyMatch(Printable::isUnsafe)
        ? text.codePoints()
            .map(point -> isUnsafe(point) ? 0xFFFD : point)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
        : text;
  }

  private static boolean isUnsafe(int point) {
    return (Character.isISOControl(point) && point != '\n' && point != '\r' && point != '\t')
        || (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069);
  }
}
