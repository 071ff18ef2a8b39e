package dev.postern.backend;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a backend writes: files by name, complete with the scripts that apply and remove them.
 *
 * @param target the target's name, such as {@code nftables}
 * @param files contents by file name; names ending in {@code .sh} are executable
 * @param summary what is in it and what it costs, for people
 */
public record Artifact(String target, SortedMap<String, String> files, String summary) {
  public Artifact {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /**
   * A file's content.
   *
   * @throws IllegalArgumentException if the artefact has no such file
   */
  public String file(String name) {
    String content = ((Map<String, String>) files).get(name);
    if (content == null) {
      throw new IllegalArgumentException(
          target + " has no file " + name + ", only " + files.keySet());
    }
    return content;
  }
}
