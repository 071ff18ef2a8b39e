package dev.postern.prove;

import dev.postern.enforced.RuleAction;
import dev.postern.enforced.RuleAction.MapMark.Entry;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** A table of marks as some packets meet it. */
final class MarkTable {

  private final boolean source;
  private final List<Entry> entries;
  private final Packets packets;
  private final int possible;
  private final int masks;
  /** For each mask the addresses by what the table says of them under it. */
  private final Map<Integer, Map<Integer, AddressSet>> values = new ConcurrentHashMap<>();

  /**
   * A table.
   *
   * @param entries those that some of the packets can meet, in order; the first that holds an address counts
   */
  MarkTable(RuleAction.MapMark map, List<Entry> entries, Packets packets) {
    this.source = map.source();
    this.entries = disjoint(entries);
    this.packets = packets;
    this.possible = entries.stream().map(Entry::value).reduce(0, (a, b) -> a | b);
    this.masks = entries.stream().map(Entry::mask).reduce(0, (a, b) -> a | b);
  }

  boolean isOfSource() {
    return source;
  }

  /** The bits that the table may flip. */
  int possible() {
    return possible;
  }

  /** The bits that the table may clear. */
  int masks() {
    return masks;
  }

  /** What the table says under a mask, each value once. */
  Set<Integer> values(int mask) {
    return byValue(mask).keySet();
  }

  /** That the table says {@code value} of the address, under a mask. */
  Sentence says(int value, int mask) {
    AddressSet addresses = byValue(mask).get(value);
    return addresses == null ? Sentence.NO : packets.address(source, addresses);
  }

  /** That the entry of the address has a bit in its mask. */
  Sentence masks(int bit) {
    return packets.address(
        source,
        union(entries.stream().filter(entry -> (entry.mask() & bit) != 0).toList()));
  }

  private Map<Integer, AddressSet> byValue(int mask) {
    return values.computeIfAbsent(mask, m -> {
      Map<Integer, List<Entry>> found = new LinkedHashMap<>();
      for (Entry entry : entries) {
        found.computeIfAbsent(entry.value() & m, v -> new ArrayList<>()).add(entry);
      }
      Map<Integer, AddressSet> sets = new LinkedHashMap<>();
      found.forEach((value, those) -> sets.put(value, union(those)));
      sets.merge(0, union(entries).complement(), AddressSet::union);
      return sets;
    });
  }

  private static AddressSet union(List<Entry> entries) {
    return entries.size() == 1
        ? entries.get(0).addresses()
        : new AddressSet(entries.stream()
            .flatMap(entry -> entry.addresses().ranges().stream())
            .toList());
  }

  /** Of each entry the addresses that no earlier one holds. */
  private static List<Entry> disjoint(List<Entry> entries) {
    List<AddressRange> ranges = entries.stream()
        .flatMap(entry -> entry.addresses().ranges().stream())
        .sorted()
        .toList();
    boolean overlap = IntStream.range(1, ranges.size())
        .anyMatch(i -> ranges.get(i - 1).last().compareTo(ranges.get(i).first()) >= 0);
    if (!overlap) {
      return entries;
    }
    List<Entry> result = new ArrayList<>(entries.size());
    AddressSet seen = AddressSet.EMPTY;
    for (Entry entry : entries) {
      result.add(new Entry(entry.addresses().minus(seen), entry.value(), entry.mask()));
      seen = seen.union(entry.addresses());
    }
    return result;
  }
}
