package dev.postern.mapdump;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The fewest prefixes that give every address its number when the longest prefix decides (the three passes of Draves, King, Venkatachary and
 * Zill, "Constructing optimal IP routing tables", 1999).
 */
public final class PrefixTable {

  /**
   * Addresses with one number.
   *
   * @param number not negative
   */
  public record Run(AddressRange range, int number) {}

  /** A prefix, the numbers that cost least for it, and its halves, unless one number fits it all. */
  private record Node(Cidr cidr, BitSet numbers, List<Node> halves) {}

  private final List<Run> runs;
  private final SortedMap<Cidr, Integer> prefixes = new TreeMap<>();

  private PrefixTable(List<Run> runs) {
    this.runs = runs;
  }

  /**
   * The prefixes of a family; the first one is the whole family.
   *
   * @param runs ascending; together they are the whole family
   */
  public static SortedMap<Cidr, Integer> of(Family family, List<Run> runs) {
    PrefixTable table = new PrefixTable(List.copyOf(runs));
    table.choose(table.node(Cidr.all(family), 0), -1);
    return table.prefixes;
  }

  private Node node(Cidr cidr, int from) {
    int at = from;
    while (runs.get(at).range().last().compareTo(cidr.first()) < 0) {
      at++;
    }
    BitSet numbers = new BitSet();
    if (runs.get(at).range().contains(cidr.last())) {
      numbers.set(runs.get(at).number());
      return new Node(cidr, numbers, List.of());
    }
    Node low = node(half(cidr, cidr.first()), at);
    Node high = node(half(cidr, cidr.last()), at);
    numbers.or(low.numbers);
    numbers.and(high.numbers);
    if (numbers.isEmpty()) {
      numbers.or(low.numbers);
      numbers.or(high.numbers);
    }
    return new Node(cidr, numbers, List.of(low, high));
  }

  private static Cidr half(Cidr cidr, Address with) {
    return new Cidr(with, cidr.prefix() + 1);
  }

  private void choose(Node node, int inherited) {
    int number = inherited;
    if (inherited < 0 || !node.numbers.get(inherited)) {
      number = node.numbers.nextSetBit(0);
      prefixes.put(node.cidr, number);
    }
    for (Node half : node.halves) {
      choose(half, number);
    }
  }
}
