package dev.postern.page;

import dev.postern.manifest.Source;
import java.nio.charset.StandardCharsets;

/**
 * A source of manifests with its text.
 *
 * @param name how messages call it
 * @param text all of it
 * @param found whether it lay in a directory, and may be no manifest at all
 */
public record PageSource(String name, String text, boolean found) {

  /** Something to read. */
  Source source() {
    Source source = Source.bytes(name, text.getBytes(StandardCharsets.UTF_8));
    return found ? source.found() : source;
  }
}
