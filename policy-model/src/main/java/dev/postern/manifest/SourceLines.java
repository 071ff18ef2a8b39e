package dev.postern.manifest;

import dev.postern.diagnostic.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds source lines again. Texts are not kept: a file is read once more when a message needs a line of it. */
public final class SourceLines {

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

  private List<String> read(Source source) {
    try {
      String text = new String(source.bytes(limit), StandardCharsets.UTF_8);
      return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
