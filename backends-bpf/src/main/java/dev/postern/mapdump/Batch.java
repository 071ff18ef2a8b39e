package dev.postern.mapdump;

import java.util.List;

/** Lines for {@code bpftool batch}; {@code @pin@} in them stands for the directory of the pins, which the applying script fills in. */
public final class Batch {

  private Batch() {}

  /** Lines that put the entries into a pinned map. */
  public static String updates(String map, List<MapEntry> entries) {
    StringBuilder text = new StringBuilder(200 * entries.size());
    for (MapEntry entry : entries) {
      text.append("map update pinned @pin@/")
          .append(map)
          .append(" key hex ")
          .append(MapEntry.hex(entry.key()))
          .append(" value hex ")
          .append(MapEntry.hex(entry.value()))
          .append('\n');
    }
    return text.toString();
  }
}
