package dev.postern.netfilter.update;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.List;

/** Cuts nft's text into statements: they end with a line or a semicolon, but not within braces or quotes (nft(8), "lexical conventions"). */
final class NftStatements {

  /**
   * A statement.
   *
   * @param head what stands before its block, or all of it, with single spaces
   * @param body what stands between its braces; empty without a block at its end
   * @param line where it begins
   * @param text all of it with single spaces
   */
  record Statement(String head, String body, boolean block, int line, String text) {}

  private NftStatements() {}

  /** @throws UnreadableDump if braces or quotes are not closed, or closed without having been opened */
  static List<Statement> of(String file, String text, int firstLine) {
    List<Statement> statements = new ArrayList<>();
    StringBuilder now = new StringBuilder();
    int line = firstLine;
    int begins = firstLine;
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      }
      if (!quoted && c == '#') {
        while (i + 1 < text.length() && text.charAt(i + 1) != '\n') {
          i++;
        }
        continue;
      }
      boolean ends = !quoted && depth == 0 && (c == '\n' || c == ';');
      depth += quoted ? 0 : c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth < 0 || quoted && c == '\n') {
        throw open(file, line);
      }
      if (ends) {
        add(statements, now, begins);
      } else {
        if (now.isEmpty() && !Character.isWhitespace(c)) {
          begins = line;
        }
        if (!now.isEmpty() || !Character.isWhitespace(c)) {
          now.append(c);
        }
      }
      line += c == '\n' ? 1 : 0;
    }
    if (depth > 0 || quoted) {
      throw open(file, begins);
    }
    add(statements, now, begins);
    return statements;
  }

  private static UnreadableDump open(String file, int line) {
    return new UnreadableDump(
        new Origin(file, line, 1, ""), "a brace or a quote has nothing that belongs to it");
  }

  private static void add(List<Statement> statements, StringBuilder now, int line) {
    String text = now.toString().trim();
    now.setLength(0);
    if (text.isEmpty()) {
      return;
    }
    int open = text.indexOf('{');
    boolean block = open >= 0 && close(text, open) == text.length() - 1;
    statements.add(new Statement(
        single(block ? text.substring(0, open) : text),
        block ? text.substring(open + 1, text.length() - 1) : "",
        block,
        line,
        single(text)));
  }

  /** Where the brace that opens at a place is closed. */
  private static int close(String text, int open) {
    int depth = 0;
    boolean quoted = false;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      depth += quoted ? 0 : c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Elements of a set: what stands between commas, but for those within quotes. */
  static List<String> elements(String body) {
    List<String> elements = new ArrayList<>();
    int begins = 0;
    boolean quoted = false;
    for (int i = 0; i <= body.length(); i++) {
      boolean ends = i == body.length() || body.charAt(i) == ',' && !quoted;
      if (ends) {
        String element = body.substring(begins, i);
        if (!element.isBlank()) {
          elements.add(single(element));
        }
        begins = i + 1;
      } else {
        quoted ^= body.charAt(i) == '"';
      }
    }
    return elements;
  }

  private static String single(String text) {
    return text.replaceAll("\\s+", " ").trim();
  }
}
