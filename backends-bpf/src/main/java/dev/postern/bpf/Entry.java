package dev.postern.bpf;

import java.util.Arrays;
import java.util.HexFormat;

/** One entry of a BPF map, as its bytes lie in memory. */
public record Entry(byte[] key, byte[] value) {

  /** {@code 0a 00 00 01}, as bpftool takes bytes after {@code hex}. */
  static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Entry entry
        && Arrays.equals(key, entry.key)
        && Arrays.equals(value, entry.value);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return hex(key) + " -> " + hex(value);
  }
}
