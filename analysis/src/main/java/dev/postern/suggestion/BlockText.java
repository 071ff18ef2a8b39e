package dev.postern.suggestion;

import java.util.List;
import java.util.Optional;

/** Lines of YAML in block style, as far as one has to know where something ends to write after it. Lines count from 1. */
final class BlockText {

  private final List<String> lines;

  BlockText(String text) {
    this.lines = List.of(text.split("\r?\n", -1));
  }

  /** A line; empty after the last. */
  String line(int number) {
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
  }

  /** How many blanks a line begins with. */
  static int indent(String line) {
    int indent = 0;
    while (indent < line.length() && line.charAt(indent) == ' ') {
      indent++;
    }
    return indent;
  }

  /** Whether nothing but blanks stands before a column on a line. */
  boolean begins(int number, int column) {
    String line = line(number);
    return column - 1 <= line.length() && line.substring(0, column - 1).isBlank();
  }

  /**
   * The column of the dash before an item that begins at a place; empty if the list is in flow style.
   *
   * @param column where the item's own text begins
   */
  Optional<Integer> dash(int number, int column) {
    String line = line(number);
    int at = Math.min(column - 1, line.length()) - 1;
    while (at >= 0 && line.charAt(at) == ' ') {
      at--;
    }
    return at >= 0 && line.charAt(at) == '-' && line.substring(0, at).isBlank()
        ? Optional.of(at + 1)
        : Optional.empty();
  }

  /**
   * The last line of what begins on a line: of an item, whose dash stands at the indentation, or of a field, whose items may do so.
   *
   * @param indent how many blanks stand before it
   * @param itemsBelong whether lines that begin with a dash at the same indentation belong to it
   */
  int end(int number, int indent, boolean itemsBelong) {
    int last = number;
    for (int at = number + 1; at <= lines.size(); at++) {
      String line = line(at);
      String content = line.strip();
      if (content.isEmpty() || content.startsWith("#")) {
        continue;
      }
      int own = indent(line);
      boolean below = own > indent
          || (itemsBelong && own == indent && (content.equals("-") || content.startsWith("- ")));
      if (!below || content.startsWith("---") || content.startsWith("...")) {
        break;
      }
      last = at;
    }
    return last;
  }

  /** The column after the last character of a line, in code points. */
  int after(int number) {
    String line = line(number);
    return line.codePointCount(0, line.length()) + 1;
  }
}
