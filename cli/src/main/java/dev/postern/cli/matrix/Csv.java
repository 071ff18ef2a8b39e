package dev.postern.cli.matrix;

import dev.postern.diagnostic.Printable;
import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated values (RFC 4180) that mean nothing else to a spreadsheet or a CI system. */
public final class Csv {

  private Csv() {}

  /** A line with its end. */
  public static String line(List<String> cells) {
    return cells.stream().map(Csv::quoted).collect(Collectors.joining(",")) + "\r\n";
  }

  static String quoted(String text) {
    // What begins like a formula is one to a spreadsheet, unless an apostrophe makes it text.
    String line = Printable.line(text).replace("##[", "##\\[");
    String cell = !line.isEmpty() && "=+-@\t".indexOf(line.charAt(0)) >= 0 ? "'" + line : line;
    // A line that begins with two colons and a word is a command to GitHub's runners.
    boolean command = cell.stripLeading().startsWith("::");
    return !command && cell.chars().noneMatch(c -> c == ',' || c == '"')
        ? cell
        : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
