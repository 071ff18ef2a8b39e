package dev.postern.manifest;

import dev.postern.manifest.Document.Remark;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The remarks about a list, item by item. */
final class RemarksOfItems {

  private RemarksOfItems() {}

  /** Each remark goes to the last item that starts before it. */
  static Map<YamlNode, List<Remark>> of(List<Cursor> items, List<Remark> remarks) {
    if (remarks.isEmpty()) {
      return Map.of();
    }
    TreeMap<Long, YamlNode> starts = new TreeMap<>();
    items.forEach(item -> starts.put(place(item.node().line(), item.node().column()), item.node()));
    Map<YamlNode, List<Remark>> byItem = new IdentityHashMap<>();
    for (Remark remark : remarks) {
      Map.Entry<Long, YamlNode> item = starts.floorEntry(place(remark.line(), remark.column()));
      if (item != null) {
        byItem.computeIfAbsent(item.getValue(), node -> new ArrayList<>()).add(remark);
      }
    }
    return byItem;
  }

  private static long place(int line, int column) {
    return ((long) line << 32) | column;
  }
}
