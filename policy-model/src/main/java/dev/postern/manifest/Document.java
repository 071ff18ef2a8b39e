package dev.postern.manifest;

import java.util.List;

/**
 * One document of a source.
 *
 * @param file the source's name
 * @param root its content
 * @param remarks what is worth saying of its keys, if anybody reads the object
 */
record Document(String file, YamlNode root, List<Remark> remarks) {

  /** Something that a tree cannot show. */
  sealed interface Remark {
    int line();

    int column();
  }

  /** A key that its map already has; the last one counts. */
  record Repeat(String key, int line, int column, int firstLine) implements Remark {}

  /** A key that YAML does not read as it is written: {@code on} is {@code true}. */
  record Renamed(String written, String key, int line, int column) implements Remark {}
}
