package dev.postern.selector;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The labels of a pod, namespace or node: keys with values, sorted by key. Compact, since a cluster holds millions of them. */
public final class Labels {

  public static final Labels NONE = new Labels(new String[0]);

  /** Key, value, key, value …, keys ascending. */
  private final String[] pairs;

  private final int hash;

  private Labels(String[] pairs) {
    this.pairs = pairs;
    this.hash = Arrays.hashCode(pairs);
  }

  public static Labels of(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return NONE;
    }
    String[] pairs = new String[2 * labels.size()];
    int i = 0;
    for (Map.Entry<String, String> entry : new TreeMap<>(labels).entrySet()) {
      pairs[i++] = entry.getKey();
      pairs[i++] = entry.getValue();
    }
    return new Labels(pairs);
  }

  public int size() {
    return pairs.length / 2;
  }

  /** The key at an index 0..size-1, ascending. */
  public String key(int index) {
    return pairs[2 * index];
  }

  /** The value at an index 0..size-1. */
  public String value(int index) {
    return pairs[2 * index + 1];
  }

  public Optional<String> get(String key) {
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = pairs[2 * middle].compareTo(key);
      if (order == 0) {
        return Optional.of(pairs[2 * middle + 1]);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /** These labels with one set. */
  public Labels with(String key, String value) {
    Map<String, String> map = asMap();
    map.put(key, value);
    return of(map);
  }

  public void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < pairs.length; i += 2) {
      action.accept(pairs[i], pairs[i + 1]);
    }
  }

  /** A fresh map, ordered by key. */
  public Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    forEach(map::put);
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Labels labels
            && hash == labels.hash
            && Arrays.equals(pairs, labels.pairs));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** {@code app=web,tier=front}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forEach((key, value) ->
        text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(value));
    return text.toString();
  }
}
