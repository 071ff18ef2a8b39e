package dev.postern.selector;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;

/**
 * The labels of a pod, namespace or node: keys with values, sorted by key. Compact, since a cluster holds millions of them: labels with the
 * same keys mostly share the list of keys.
 */
public final class Labels {

  /** Lists of keys seen lately, each in the place that its hash gives; a collision only costs the sharing. */
  private static final AtomicReferenceArray<List<String>> KEYS = new AtomicReferenceArray<>(1024);

  public static final Labels NONE = new Labels(List.of(), new String[0]);

  private final List<String> keys;
  private final String[] values;
  private final int hash;

  private Labels(List<String> keys, String[] values) {
    this.keys = keys;
    this.values = values;
    this.hash = 31 * keys.hashCode() + Arrays.hashCode(values);
  }

  public static Labels of(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return NONE;
    }
    String[] keys = labels.keySet().toArray(String[]::new);
    Arrays.sort(keys);
    String[] values = new String[keys.length];
    for (int i = 0; i < keys.length; i++) {
      values[i] = Objects.requireNonNull(labels.get(keys[i]));
    }
    return new Labels(shared(List.of(keys)), values);
  }

  private static List<String> shared(List<String> keys) {
    int hash = keys.hashCode();
    int place = (hash ^ hash >>> 16) & (KEYS.length() - 1);
    List<String> known = KEYS.get(place);
    if (known != null && known.equals(keys)) {
      return known;
    }
    KEYS.set(place, keys);
    return keys;
  }

  public int size() {
    return values.length;
  }

  /** The keys, ascending; labels with the same keys mostly give the same list, so that it can serve as a key itself. */
  public List<String> keys() {
    return keys;
  }

  /** The key at an index 0..size-1, ascending. */
  public String key(int index) {
    return keys.get(index);
  }

  /** The value at an index 0..size-1. */
  public String value(int index) {
    return values[index];
  }

  public Optional<String> get(String key) {
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = keys.get(middle).compareTo(key);
      if (order == 0) {
        return Optional.of(values[middle]);
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
    for (int i = 0; i < values.length; i++) {
      action.accept(keys.get(i), values[i]);
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
            && Arrays.equals(values, labels.values)
            && keys.equals(labels.keys));
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
