package dev.postern.diagnostic;

/** Shows a finding with the line it is about and a caret under the place. */
public final class Excerpt {

  /** Longer lines are cut around the place. */
  private static final int WIDTH = 120;

  private static final String CUT = "…";

  private Excerpt() {}

  /**
   * The finding, and under it the source line with a caret; just the finding if it has no line.
   *
   * @param line the text of the line that the origin names, without its line break
   */
  public static String of(Diagnostic diagnostic, String line) {
    Origin origin = diagnostic.origin();
    if (origin.line() == 0) {
      return diagnostic.toString();
    }
    Part part = Part.of(origin, line);
    String number = Integer.toString(origin.line());
    String gutter = " ".repeat(number.length());
    String shown = part.text()
        .codePoints()
        .map(c -> c == '\t' ? ' ' : Printable.isUnsafe(c) ? '\uFFFD' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    return diagnostic
        + "\n"
        + " " + number + " | " + shown.stripTrailing()
        + "\n"
        + " " + gutter + " | " + " ".repeat(part.caret()) + "^";
  }

  /** The line around a place, which is the whole line if that is not long. */
  public static String around(Origin origin, String line) {
    return Part.of(origin, line).text();
  }

  /**
   * A part of a line, cut before anything else is done with it: a file may have one line, and each finding of the file shows it.
   *
   * @param caret how many characters of the part stand before the place
   */
  private record Part(String text, int caret) {

    static Part of(Origin origin, String line) {
      int place = index(line, 0, Math.max(origin.column() - 1, 0));
      int back = Math.max(0, place - 2 * WIDTH);
      int caret = line.codePointCount(back, place);
      boolean early = back == 0 && caret < WIDTH - 20;
      int from = early ? 0 : line.offsetByCodePoints(place, -Math.min(WIDTH / 2, caret));
      int to = index(line, from, WIDTH);
      String text =
          (from > 0 ? CUT : "") + line.substring(from, to) + (to < line.length() ? CUT : "");
      return new Part(text, line.codePointCount(from, place) + (from > 0 ? 1 : 0));
    }

    /** Where so many characters after a place are over, at most the line's end. */
    private static int index(String line, int from, int points) {
      int at = from;
      for (int i = 0; i < points && at < line.length(); i++) {
        at +=
            Character.isSurrogate(line.charAt(at)) ? Character.charCount(line.codePointAt(at)) : 1;
      }
      return at;
    }
  }
}
