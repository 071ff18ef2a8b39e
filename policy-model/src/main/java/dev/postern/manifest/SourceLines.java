package dev.postern.manifest;

import dev.postern.diagnostic.Excerpt;
import dev.postern.diagnostic.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds source lines again. Texts are not kept: a file is read once more when a message needs a line of it. Safe for use by several
 * threads. */
public final class SourceLines {

  /** A longer line holds whole objects. Each finding is looked up, so that the work would grow with their number times the length. */
  private static final int LONG = 4_000;

  private final Map<String, Source> sources = new HashMap<>();
  private final long limit;
  private String file = "";
  private List<String> lines = List.of();

  SourceLines(List<Source> sources, long limit) {
    sources.forEach(source -> this.sources.put(source.name(), source));
    this.limit = limit;
  }

  /** The line that an origin names, without its line break; empty if there is none or its source is gone. */
  public synchronized Optional<String> line(Origin origin) {
    if (origin.line() == 0 || !sources.containsKey(origin.file())) {
      return Optional.empty();
    }
    if (!file.equals(origin.file())) {
      lines = read(sources.get(origin.file()));
      file = origin.file();
    }
    return origin.line() <= lines.size()
        ? Optional.of(lines.get(origin.line() - 1))
        : Optional.empty();
  }

  /** The line that an origin names, if it is short enough that what stands in it belongs to the place. */
  public Optional<String> shortLine(Origin origin) {
    return line(origin).filter(line -> line.length() <= LONG);
  }

  /**
   * What was written at a place, however it is laid out: its line and those below it that are indented more, without comments and blanks.
   * Of a line that is so long that it holds whole objects, what is around the place. Empty if there is no such line.
   */
  public synchronized String block(Origin origin) {
    Optional<String> first = line(origin);
    if (first.isEmpty()) {
      return "";
    }
    if (first.get().length() > LONG) {
      return bare(Excerpt.around(origin, first.get()));
    }
    StringBuilder block = new StringBuilder(bare(first.get()));
    int indent = indent(first.get());
    for (int i = origin.line(); i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isBlank() && indent(line) <= indent) {
        break;
      }
      block.append(bare(line));
    }
    return block.toString();
  }

  private static int indent(String line) {
    int indent = 0;
    while (indent < line.length() && line.charAt(indent) == ' ') {
      indent++;
    }
    return indent;
  }

  private static String bare(String line) {
    int comment = line.indexOf(" #");
    String text = comment >= 0 ? line.substring(0, comment) : line;
    return text.strip().startsWith("#") ? "" : text.replaceAll("\\s+", "");
  }

  private List<String> read(Source source) {
    try {
      String text = new String(source.bytes(limit), StandardCharsets.UTF_8);
      return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
