package dev.postern.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * An artefact before its texts are written, so that large ones never are a string.
 *
 * @param target the target's name, as {@code --to} takes it
 * @param files what writes each file, by its name
 * @param summary what is in it and what it costs, for people
 */
public record Draft(String target, SortedMap<String, Consumer<Pieces>> files, String summary) {
  public Draft {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** Opens the files of an artefact, one after the other; each is closed before the next is opened. */
  @FunctionalInterface
  public interface Destination {
    Writer open(String file) throws IOException;
  }

  /** The artefact, with all texts as strings. */
  public Artifact artifact() {
    SortedMap<String, String> texts = new TreeMap<>();
    files.forEach((name, file) -> {
      StringBuilder text = new StringBuilder();
      file.accept(new Pieces(text));
      texts.put(name, text.toString());
    });
    return new Artifact(target, texts, summary);
  }

  /** Writes all files. */
  public void writeTo(Destination destination) throws IOException {
    for (Map.Entry<String, Consumer<Pieces>> file : files.entrySet()) {
      try (Writer writer = destination.open(file.getKey())) {
        file.getValue().accept(new Pieces(writer));
      } catch (UncheckedIOException problem) {
        throw new IOException(problem.getMessage(), problem);
      }
    }
  }
}
