package dev.postern.mapdump;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A dumped LPM trie, looked up as the kernel does: bytes only, none of the writer's or the reader's code. */
public final class RawMap {

  private record Row(byte[] key, byte[] value, int bits) {}

  private final List<Row> rows = new ArrayList<>();

  /** An empty trie. */
  public RawMap() {}

  public RawMap(String dump) {
    try {
      for (JsonNode entry : new ObjectMapper().readTree(dump)) {
        put(bytes(entry.get("key")), bytes(entry.get("value")));
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static byte[] bytes(JsonNode array) {
    byte[] bytes = new byte[array.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.decode(array.get(i).asText()).intValue();
    }
    return bytes;
  }

  public void put(byte[] key, byte[] value) {
    rows.removeIf(row -> Arrays.equals(row.key, key));
    int bits =
        (key[0] & 0xff) | (key[1] & 0xff) << 8 | (key[2] & 0xff) << 16 | (key[3] & 0xff) << 24;
    rows.add(new Row(key, value, bits));
  }

  /** Whether the key was there. */
  public boolean delete(byte[] key) {
    return rows.removeIf(row -> Arrays.equals(row.key, key));
  }

  /** Its entries as text, sorted. */
  public List<String> entries() {
    return rows.stream()
        .map(row -> Arrays.toString(row.key) + " " + Arrays.toString(row.value))
        .sorted()
        .toList();
  }

  public int size() {
    return rows.size();
  }

  /** The value of exactly this key, as in a hash. */
  public Optional<byte[]> exact(byte[] key) {
    return rows.stream().filter(row -> Arrays.equals(row.key, key)).findFirst().map(Row::value);
  }

  /** The value of the longest prefix of some data; the data is what follows the key's prefix length. */
  public Optional<byte[]> longest(byte[] data) {
    Row best = null;
    for (Row row : rows) {
      if ((best == null || row.bits > best.bits) && matches(row, data)) {
        best = row;
      }
    }
    return Optional.ofNullable(best).map(Row::value);
  }

  private static boolean matches(Row row, byte[] data) {
    for (int bit = 0; bit < row.bits; bit++) {
      int mask = 0x80 >> bit % 8;
      if ((row.key[4 + bit / 8] & mask) != (data[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
