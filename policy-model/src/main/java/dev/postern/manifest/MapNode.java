package dev.postern.manifest;

import java.util.Optional;

/** A mapping, in the order written. Arrays, since a large dump has millions of entries. */
final class MapNode implements YamlNode {

  private final String[] keys;
  private final int[] places;
  private final YamlNode[] values;
  private final int line;
  private final int column;

  /**
   * @param keys the keys, without repeats
   * @param places line and column of each key
   * @param values the values
   */
  MapNode(String[] keys, int[] places, YamlNode[] values, int line, int column) {
    this.keys = keys;
    this.places = places;
    this.values = values;
    this.line = line;
    this.column = column;
  }

  int size() {
    return keys.length;
  }

  String key(int index) {
    return keys[index];
  }

  int keyLine(int index) {
    return places[2 * index];
  }

  int keyColumn(int index) {
    return places[2 * index + 1];
  }

  YamlNode value(int index) {
    return values[index];
  }

  /** The place of a key; -1 if it is not there. */
  int indexOf(String key) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i].equals(key)) {
        return i;
      }
    }
    return -1;
  }

  Optional<YamlNode> get(String key) {
    int index = indexOf(key);
    return index < 0 ? Optional.empty() : Optional.of(values[index]);
  }

  @Override
  public int line() {
    return line;
  }

  @Override
  public int column() {
    return column;
  }

  @Override
  public String describe() {
    return "a map";
  }
}
