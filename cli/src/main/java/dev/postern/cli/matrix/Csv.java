package dev.postern.cli.matrix;

import dev.postern.diagnostic.Printable;
import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated values (RFC 4180) that mean nothing else to a spreadsheet or a CI system. */
public final class Csv {

  /** What formulas begin with; some spreadsheets take the wide forms for the narrow ones. */
  private static final String FORMULA = "=+-@\t\uff1d\uff0b\uff0d\uff20";

  /** Spreadsheets of some languages part cells at semicolons: behind one a formula could begin. */
  private static final String SEPARATORS = ",;\t\"";

  private Csv() {}

  /** A line with its end. */
  public static String line(List<String> cells) {
    return cells.stream().map(Csv::quoted).collect(Collectors.joining(",")) + "\r\n";
  }

  static String quoted(String text) {
    // What begins like a formula is one to a spreadsheet, unless an apostrophe makes it text.
    String line = Printable.line(text).replace("##[", "##\\[");
    String cell = !line.isEmpty() && FORMULA.indexOf(line.charAt(0)) >= 0 ? "'" + line : line;
    // A line that begins with two colons and a word is a command to GitHub's runners.
    boolean command = cell.stripLeading().startsWith("::");
    return !command && cell.chars().noneMatch(c -> SEPARATORS.indexOf(c) >= 0)
        ? cell
        : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
