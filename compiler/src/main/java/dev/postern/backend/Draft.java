package dev.postern.backend;

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
 * @param target the target's name, such as {@code nftables}
 * @param files what writes each file, by its name; scripts left out
 * @param scripts what applies and removes them, by the files' names, which end in {@code .sh}
 * @param summary what is in it and what it costs, for people
 */
public record Draft(
    String target,
    SortedMap<String, Consumer<TextOutput>> files,
    SortedMap<String, Script> scripts,
    String summary) {
  public Draft {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    scripts = Collections.unmodifiableSortedMap(new TreeMap<>(scripts));
  }

  /** Opens the files of an artefact, one after the other; each is closed before the next is opened. What is written there is encoded in UTF-8. */
  @FunctionalInterface
  public interface FileOpener {
    /**
     * Opens a file.
     *
     * @param file its name
     * @throws IOException if it cannot be opened
     */
    Writer open(String file) throws IOException;
  }

  /** A draft of texts that are there already. */
  public static Draft of(
      String target, Map<String, String> files, Map<String, Script> scripts, String summary) {
    SortedMap<String, Consumer<TextOutput>> writers = new TreeMap<>();
    files.forEach((name, text) -> writers.put(name, out -> out.append(text)));
    return new Draft(target, writers, new TreeMap<>(scripts), summary);
  }

  /** The artefact, with all texts as strings. */
  public Artifact artifact() {
    SortedMap<String, String> texts = new TreeMap<>();
    SortedMap<String, Fingerprint> prints = new TreeMap<>();
    files.forEach((name, file) -> {
      StringBuilder text = new StringBuilder();
      file.accept(new TextOutput(text));
      texts.put(name, text.toString());
      prints.put(name, Fingerprint.of(text.toString()));
    });
    scripts.forEach((name, script) -> texts.put(name, script.text(target, name, prints)));
    return new Artifact(target, texts, summary);
  }

  /**
   * Writes all files: scripts last, for they hold the fingerprints of the others.
   *
   * @throws IOException if one cannot be opened, or not be written whole
   */
  public void writeTo(FileOpener destination) throws IOException {
    SortedMap<String, Fingerprint> prints = new TreeMap<>();
    for (Map.Entry<String, Consumer<TextOutput>> file : files.entrySet()) {
      try (Writer writer = destination.open(file.getKey())) {
        Fingerprint.Taker taker = new Fingerprint.Taker(writer);
        file.getValue().accept(new TextOutput(taker));
        prints.put(file.getKey(), taker.taken());
      } catch (UncheckedIOException problem) {
        throw new IOException(problem.getMessage(), problem);
      }
    }
    for (Map.Entry<String, Script> script : scripts.entrySet()) {
      try (Writer writer = destination.open(script.getKey())) {
        writer.append(script.getValue().text(target, script.getKey(), prints));
      }
    }
  }
}
