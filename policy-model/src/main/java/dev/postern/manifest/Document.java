package dev.postern.manifest;

import java.util.List;

/**
 * One document of a source.
 *
 * @param file the source's name
 * @param root its content
 * @param repeats fields that are written twice
 */
record Document(String file, Node root, List<Repeat> repeats) {

  /** A key that its map already has; the first one counts here. */
  record Repeat(String key, int line, int column, int firstLine) {}
}
