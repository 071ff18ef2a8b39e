package dev.postern.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a source between two lines that start with {@code ---} after a line feed, where kubectl too divides a stream before it parses: so a document
 * that cannot be parsed takes no other with it.
 *
 * @param text its text, with the separator line it starts with
 * @param line the line of the source it starts on
 */
record Chunk(String text, int line) {

  static List<Chunk> split(String text) {
    List<Chunk> chunks = new ArrayList<>();
    int start = 0;
    int startLine = 1;
    int line = 1;
    boolean content = false;
    int position = 0;
    while (position < text.length()) {
      if (position > start
          && content
          && text.charAt(position - 1) == '\n'
          && isSeparator(text, position)) {
        chunks.add(new Chunk(text.substring(start, position), startLine));
        start = position;
        startLine = line;
        content = false;
      }
      content |= hasContent(text, position);
      position = nextLine(text, position);
      line++;
    }
    chunks.add(new Chunk(text.substring(start), startLine));
    return chunks;
  }

  private static boolean isSeparator(String text, int at) {
    return text.startsWith("---", at) && (at + 3 == text.length() || text.charAt(at + 3) <= ' ');
  }

  /** Not so for directives ({@code %YAML 1.1}) and what may stand before them, which belong to the document after the separator. */
  private static boolean hasContent(String text, int at) {
    char first = text.charAt(at);
    return first != '%' && first != '#' && first != '\n' && first != '\r';
  }

  private static int nextLine(String text, int from) {
    int position = from;
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '\n') {
        return position;
      }
      if (c == '\r') {
        return position < text.length() && text.charAt(position) == '\n' ? position + 1 : position;
      }
    }
    return position;
  }

  /** Whether it starts like JSON. */
  boolean looksLikeJson() {
    int position = text.startsWith("---") ? 3 : 0;
    while (position < text.length() && (text.charAt(position) <= ' ')) {
      position++;
    }
    return position < text.length() && text.charAt(position) == '{';
  }
}
