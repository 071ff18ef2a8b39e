package dev.postern.mapdump;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * One entry of a BPF map.
 *
 * @param key the key's bytes, as they lie in memory
 * @param value the value's bytes, likewise
 */
public record MapEntry(byte[] key, byte[] value) implements Comparable<MapEntry> {

  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  public MapEntry {
    key = key.clone();
    value = value.clone();
  }

  @Override
  public byte[] key() {
    return key.clone();
  }

  @Override
  public byte[] value() {
    return value.clone();
  }

  /** {@code 0a 00}, as bpftool takes bytes after {@code hex}. */
  static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  @Override
  public int compareTo(MapEntry other) {
    int byKey = Arrays.compareUnsigned(key, other.key);
    return byKey != 0 ? byKey : Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MapEntry entry
        && Arrays.equals(key, entry.key)
        && Arrays.equals(value, entry.value);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "key " + hex(key) + "  value " + hex(value);
  }
}
