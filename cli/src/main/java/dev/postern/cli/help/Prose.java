package dev.postern.cli.help;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Markdown whose paragraphs and items of lists are broken anew between words, so that no terminal cuts one. Code, tables and headings
 * stay as they are.
 */
final class Prose {

  /** What begins a paragraph of its own: the mark of an item, of a quotation, or nothing. */
  private static final Pattern BEGINNING =
      Pattern.compile("(\\s*(?:[-*+]|\\d+[.)])\\s+|\\s*>\\s?|\\s*)(\\S.*)");

  private static final Pattern AS_IT_IS =
      Pattern.compile("\\s*\\|.*|#{1,6} .*| {4,}\\S.*|<.*|\\s*");

  private final int columns;
  private final List<String> lines = new ArrayList<>();
  private String mark = "";
  private StringBuilder paragraph = new StringBuilder();

  private Prose(int columns) {
    this.columns = columns;
  }

  /** @param columns how many characters a line has, where its words allow that */
  static List<String> lines(String page, int columns) {
    Prose prose = new Prose(columns);
    boolean inCode = false;
    for (String line : page.split("\n", -1)) {
      boolean fence = line.strip().startsWith("```");
      if (inCode || fence || AS_IT_IS.matcher(line).matches() && !prose.goesOn(line)) {
        prose.end();
        prose.lines.add(line);
        inCode ^= fence;
      } else {
        prose.add(line);
      }
    }
    prose.end();
    return prose.lines;
  }

  /** Whether an indented line belongs to the item before it. */
  private boolean goesOn(String line) {
    return paragraph.length() > 0 && line.startsWith("    ") && !mark.isBlank();
  }

  private void add(String line) {
    Matcher beginning = BEGINNING.matcher(line);
    if (!beginning.matches()) {
      return;
    }
    if (!beginning.group(1).isBlank() || paragraph.length() == 0) {
      end();
      mark = beginning.group(1);
      paragraph.append(beginning.group(2));
    } else {
      paragraph.append(' ').append(line.strip());
    }
  }

  private void end() {
    String indent = mark.strip().equals(">") ? mark : " ".repeat(mark.length());
    StringBuilder line = new StringBuilder(mark);
    boolean first = true;
    for (String word :
        paragraph.length() == 0 ? new String[0] : paragraph.toString().split(" +")) {
      if (!first && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        first = true;
      }
      line.append(first ? "" : " ").append(word);
      first = false;
    }
    if (!first) {
      lines.add(line.toString());
    }
    mark = "";
    paragraph = new StringBuilder();
  }
}
