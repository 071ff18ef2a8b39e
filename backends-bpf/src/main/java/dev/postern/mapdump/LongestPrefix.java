package dev.postern.mapdump;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Turns a table in which the longest prefix decides into the addresses that each value decides for. */
public final class LongestPrefix<V> {

  private record Open<V>(Cidr cidr, V value) {}

  private final Map<V, List<AddressRange>> ranges = new LinkedHashMap<>();
  private final Deque<Open<V>> open = new ArrayDeque<>();
  /** The first address that nothing is said of yet. */
  private Address next = Address.first(Family.IPV4);

  private LongestPrefix() {}

  /** The addresses of each value; values without an address are left out. */
  public static <V> Map<V, AddressSet> addresses(SortedMap<Cidr, V> table) {
    LongestPrefix<V> sweep = new LongestPrefix<>();
    table.forEach(sweep::begin);
    while (!sweep.open.isEmpty()) {
      sweep.end();
    }
    Map<V, AddressSet> sets = new LinkedHashMap<>();
    sweep.ranges.forEach((value, found) -> sets.put(value, new AddressSet(found)));
    return sets;
  }

  /** Networks come in order of their first address, wider ones first. */
  private void begin(Cidr cidr, V value) {
    while (!open.isEmpty() && !open.peek().cidr.contains(cidr)) {
      end();
    }
    if (!open.isEmpty() && next.compareTo(cidr.first()) < 0) {
      add(open.peek().value, new AddressRange(next, cidr.first().previous()));
    }
    next = cidr.first();
    open.push(new Open<>(cidr, value));
  }

  private void end() {
    Open<V> closed = open.pop();
    Address last = closed.cidr.last();
    if (next.family() == last.family() && next.compareTo(last) <= 0) {
      add(closed.value, new AddressRange(next, last));
    }
    if (!last.isLast()) {
      next = last.next();
    } else if (last.family() == Family.IPV4) {
      next = Address.first(Family.IPV6);
    } else {
      open.clear();
    }
  }

  private void add(V value, AddressRange range) {
    ranges.computeIfAbsent(value, key -> new ArrayList<>()).add(range);
  }
}
