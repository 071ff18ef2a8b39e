package dev.postern.mapdump;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One step of a change of a pinned map: an entry that is put, or a key that is deleted.
 *
 * @param map the name of the pin
 * @param entry what is put, or was there
 * @param deletes whether the key is deleted
 */
public record MapEdit(String map, MapEntry entry, boolean deletes) {

  /** The line for {@code bpftool batch}. */
  String line() {
    return deletes
        ? "map delete pinned @pin@/" + map + " key hex " + MapEntry.hex(entry.key())
        : Batch.update(map, entry);
  }

  /**
   * The entries that are new or have another value, the longest prefix first. After each of them, a look-up gives what it gave before or what
   * it shall give in the end: the first of the new prefixes that covers something is the one that decides there in the end, unless one that
   * is still to be deleted is longer.
   */
  public static List<MapEdit> puts(String map, List<MapEntry> from, List<MapEntry> to) {
    Map<ByteBuffer, MapEntry> before = byKey(from);
    List<MapEdit> edits = new ArrayList<>();
    for (MapEntry entry : to) {
      if (!entry.equals(before.get(ByteBuffer.wrap(entry.key())))) {
        edits.add(new MapEdit(map, entry, false));
      }
    }
    edits.sort(Comparator.comparingInt(edit -> -edit.prefix()));
    return edits;
  }

  /**
   * The keys that are to go, the shortest prefix first, once all entries were {@link #puts put}: what a longer one covers goes on being decided
   * by it until nothing shorter that is old is left.
   */
  public static List<MapEdit> deletions(String map, List<MapEntry> from, List<MapEntry> to) {
    Map<ByteBuffer, MapEntry> after = byKey(to);
    List<MapEdit> edits = new ArrayList<>();
    for (MapEntry entry : from) {
      if (!after.containsKey(ByteBuffer.wrap(entry.key()))) {
        edits.add(new MapEdit(map, entry, true));
      }
    }
    edits.sort(Comparator.comparingInt(MapEdit::prefix));
    return edits;
  }

  /** The most entries that each map has on the way, by its name. */
  public static SortedMap<String, Integer> peaks(
      Map<String, List<MapEntry>> before, List<MapEdit> edits) {
    Map<String, Set<ByteBuffer>> keys = new HashMap<>();
    SortedMap<String, Integer> peaks = new TreeMap<>();
    before.forEach((map, entries) -> {
      keys.put(map, new HashSet<>(byKey(entries).keySet()));
      peaks.put(map, entries.size());
    });
    for (MapEdit edit : edits) {
      Set<ByteBuffer> now = keys.computeIfAbsent(edit.map, key -> new HashSet<>());
      ByteBuffer key = ByteBuffer.wrap(edit.entry.key());
      if (edit.deletes ? now.remove(key) : now.add(key)) {
        peaks.merge(edit.map, now.size(), Math::max);
      }
    }
    return peaks;
  }

  private int prefix() {
    return ByteBuffer.wrap(entry.key()).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
  }

  private static Map<ByteBuffer, MapEntry> byKey(List<MapEntry> entries) {
    Map<ByteBuffer, MapEntry> byKey = new HashMap<>();
    entries.forEach(entry -> byKey.put(ByteBuffer.wrap(entry.key()), entry));
    return byKey;
  }
}
