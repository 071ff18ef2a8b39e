package dev.postern.openflow.reader;

import java.util.HashMap;
import java.util.Map;

/** Names of chains, each of them once. */
final class ChainNames {

  private final TableNames tables;
  private final Map<String, Integer> taken = new HashMap<>();

  ChainNames(TableNames tables) {
    this.tables = tables;
  }

  /** The name of what becomes of packets of a lookup. */
  String of(TableLookup key) {
    String words = key.state().registers().words();
    return unique(tables.name(key.table())
        + (words.isEmpty() ? "" : " with " + words)
        + (key.state().reply() ? " (the answer)" : ""));
  }

  /** This name, with a number where it is taken. */
  String unique(String name) {
    int count = taken.merge(name, 1, Integer::sum);
    return count == 1 ? name : name + " #" + count;
  }
}
