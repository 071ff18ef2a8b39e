package dev.postern.mapdump;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Lines for {@code bpftool batch}; {@code @pin@} in them stands for the directory of the pins, which the applying script fills in. */
public final class Batch {

  private static final String SUFFIX = ".batch";
  private static final int DIGITS = 16;

  private Batch() {}

  /** Lines that put the entries into a pinned map. */
  public static String updates(String map, List<MapEntry> entries) {
    StringBuilder text = new StringBuilder(200 * entries.size());
    entries.forEach(entry -> text.append(update(map, entry)).append('\n'));
    return text.toString();
  }

  static String update(String map, MapEntry entry) {
    return "map update pinned @pin@/" + map + " key hex " + MapEntry.hex(entry.key())
        + " value hex " + MapEntry.hex(entry.value());
  }

  /** Lines of edits, in their order. */
  public static String of(List<MapEdit> edits) {
    StringBuilder text = new StringBuilder(200 * edits.size());
    edits.forEach(edit -> text.append(edit.line()).append('\n'));
    return text.toString();
  }

  /** What tells the entries of an artefact from those of others: a digest of its batches, fit for the name of a pin. */
  public static String digest(SortedMap<String, String> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Map.Entry<String, String> file : files.entrySet()) {
        if (file.getKey().endsWith(SUFFIX)) {
          digest.update((file.getKey() + "\n" + file.getValue()).getBytes(StandardCharsets.UTF_8));
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError(missing);
    }
  }
}
