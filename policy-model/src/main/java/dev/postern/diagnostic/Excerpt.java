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
    int[] points = line.codePoints()
        .map(c -> c == '\t' ? ' ' : Printable.isUnsafe(c) ? '\uFFFD' : c)
        .toArray();
    int caret = Math.min(Math.max(origin.column() - 1, 0), points.length);
    int from = caret < WIDTH - 20 ? 0 : caret - WIDTH / 2;
    int to = Math.min(points.length, from + WIDTH);
    String number = Integer.toString(origin.line());
    String gutter = " ".repeat(number.length());
    String shown = (from > 0 ? CUT : "")
        + new String(points, from, to - from)
        + (to < points.length ? CUT : "");
    return diagnostic
        + "\n"
        + " " + number + " | " + shown.stripTrailing()
        + "\n"
        + " " + gutter + " | " + " ".repeat(caret - from + (from > 0 ? 1 : 0)) + "^";
  }
}
