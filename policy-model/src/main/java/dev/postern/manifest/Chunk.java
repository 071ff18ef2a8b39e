package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a source between two lines that start with {@code ---} after a line feed, where kubectl too divides a stream before it parses: so a document
 * that cannot be parsed takes no other with it.
 *
 * @param text its text, with the separator line it starts with
 * @param line the line of the source it starts on
 * @param stream what kubectl takes it for
 */
record Chunk(String text, int line, Stream stream) {

  /** kubectl takes a stream that starts with a brace for values of JSON, one after the other, and any other for documents of YAML. */
  enum Stream {
    JSON,
    BEHIND_JSON,
    YAML
  }

  /** A part of a stream of YAML. */
  Chunk(String text, int line) {
    this(text, line, Stream.YAML);
  }

  static List<Chunk> split(String text) {
    List<Chunk> chunks = new ArrayList<>();
    Stream stream = startsAsJson(text) ? Stream.JSON : Stream.YAML;
    int start = 0;
    int startLine = 1;
    int line = 1;
    boolean content = false;
    int position = 0;
    while (position < text.length()) {
      if (position > start
          && content
          && text.charAt(position - 1) == '\n'
          && text.startsWith("---", position)) {
        chunks.add(new Chunk(text.substring(start, position), startLine, stream));
        stream = stream == Stream.JSON ? Stream.BEHIND_JSON : stream;
        start = position;
        startLine = line;
        content = false;
      }
      content |= hasContent(text, position);
      position = nextLine(text, position);
      line++;
    }
    chunks.add(new Chunk(text.substring(start), startLine, stream));
    return chunks;
  }

  /** Of what has a brace but no quote behind it kubectl before 1.33 reads nothing at all, and later versions all as YAML. */
  private static boolean startsAsJson(String text) {
    int brace = 0;
    while (brace < text.length() && Character.isWhitespace(text.charAt(brace))) {
      brace++;
    }
    int next = brace + 1;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next < text.length() && text.charAt(brace) == '{' && text.charAt(next) == '"';
  }

  /** Fails where kubectl does not read what stands here, though it may be YAML. */
  void requireReadByKubectl() throws Unreadable {
    if (text.startsWith("---")) {
      requireSeparator(0);
    }
    for (int at = text.indexOf("\n---"); at >= 0; at = text.indexOf("\n---", at + 1)) {
      requireSeparator(at + 1);
    }
    if (stream == Stream.BEHIND_JSON
        && text.lines()
            .anyMatch(each -> hasContent(each.strip() + "\n", 0) && !each.startsWith("---"))) {
      throw new Unreadable(
          Code.YAML_SYNTAX,
          line,
          1,
          "kubectl before 1.33 reads nothing from here, since the file starts as JSON, where no `---` stands between values",
          "begin the file with a line of `---`, or write all of it in JSON without them");
    }
  }

  private void requireSeparator(int at) throws Unreadable {
    int end = text.indexOf('\n', at);
    String rest = text.substring(at + 3, end < 0 ? text.length() : end);
    if (!rest.isBlank() && !(rest.charAt(0) <= ' ' && rest.strip().startsWith("#"))) {
      throw new Unreadable(
          Code.YAML_SYNTAX,
          line + (int) text.substring(0, at).chars().filter(c -> c == '\n').count(),
          4 + rest.indexOf(rest.strip().charAt(0)),
          "kubectl takes nothing on the line of a `---` but space and a comment",
          "put what follows on a line of its own");
    }
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
