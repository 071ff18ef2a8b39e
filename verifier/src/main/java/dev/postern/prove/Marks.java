package dev.postern.prove;

import dev.postern.enforced.Action;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The marks that packets bear by now: for each of the 32 bits, the packets that have it set. Bits are functions of the packet, so that a
 * class of the source in some bits and one of the destination in others never meet in a product.
 */
final class Marks {

  private static final int BITS = 32;

  private final Bdd bdd;
  private final Fields fields;
  private final int[] bits = new int[BITS];
  /** Sets of packets by what their highest bits have to be; forgotten when a mark changes. */
  private final Map<Prefix, Integer> equal = new HashMap<>();

  private record Prefix(int mask, int value) {}

  Marks(Fields fields) {
    this.bdd = fields.bdd;
    this.fields = fields;
    Arrays.fill(bits, Bdd.FALSE);
  }

  /** The packets with {@code (mark & mask) == value}. */
  int equal(int value, int mask) {
    if ((value & ~mask) != 0) {
      return Bdd.FALSE;
    }
    return prefix(mask, value);
  }

  /** Bit by bit from the highest, so that values share what they have in common. */
  private int prefix(int mask, int value) {
    if (mask == 0) {
      return Bdd.TRUE;
    }
    Prefix key = new Prefix(mask, value);
    Integer known = equal.get(key);
    if (known != null) {
      return known;
    }
    int lowest = Integer.numberOfTrailingZeros(mask);
    int rest = prefix(mask & ~(1 << lowest), value & ~(1 << lowest));
    int bit = (value >>> lowest & 1) == 1 ? bits[lowest] : Bdd.not(bits[lowest]);
    int result = bdd.and(rest, bit);
    equal.put(key, result);
    return result;
  }

  /** Gives some packets the mark {@code (mark & ~mask) ^ value}. */
  void set(int packets, int value, int mask) {
    equal.clear();
    for (int bit = 0; bit < BITS; bit++) {
      boolean masked = (mask >>> bit & 1) == 1;
      boolean one = (value >>> bit & 1) == 1;
      if (masked) {
        bits[bit] = one ? bdd.or(bits[bit], packets) : bdd.minus(bits[bit], packets);
      } else if (one) {
        bits[bit] = bdd.ite(packets, Bdd.not(bits[bit]), bits[bit]);
      }
    }
  }

  /** Marks some packets by a table of addresses; the first entry that holds an address counts. */
  void map(int packets, Action.MapMark map) {
    boolean oneMask =
        map.entries().stream().mapToInt(Action.MapMark.Entry::mask).distinct().count() == 1;
    if (!oneMask || map.entries().stream().anyMatch(e -> (e.value() & ~e.mask()) != 0)) {
      int left = packets;
      for (Action.MapMark.Entry entry : map.entries()) {
        int here = bdd.and(left, addresses(map, fields.addresses.runs(entry.addresses())));
        set(here, entry.value(), entry.mask());
        left = bdd.minus(left, here);
      }
      return;
    }
    equal.clear();
    int[] entryOf = new int[fields.addresses.size()];
    Arrays.fill(entryOf, -1);
    for (int i = 0; i < map.entries().size(); i++) {
      int[] runs = fields.addresses.runs(map.entries().get(i).addresses());
      for (int run = 0; run < runs.length; run += 2) {
        for (int number = runs[run]; number < runs[run + 1]; number++) {
          entryOf[number] = entryOf[number] < 0 ? i : entryOf[number];
        }
      }
    }
    int mask = map.entries().get(0).mask();
    int touched = bdd.and(packets, addresses(map, classes(entryOf, map, -1)));
    for (int bit = 0; bit < BITS; bit++) {
      if ((mask >>> bit & 1) == 1) {
        int ones = bdd.and(touched, addresses(map, classes(entryOf, map, bit)));
        bits[bit] = bdd.or(ones, bdd.minus(bits[bit], touched));
      }
    }
  }

  private int addresses(Action.MapMark map, int[] runs) {
    return fields.classes(map.source() ? fields.source : fields.destination, runs);
  }

  /** The classes with an entry, or those whose entry's value has a bit set. */
  private static int[] classes(int[] entryOf, Action.MapMark map, int bit) {
    int[] found = new int[entryOf.length];
    int size = 0;
    for (int number = 0; number < entryOf.length; number++) {
      int entry = entryOf[number];
      if (entry >= 0 && (bit < 0 || (map.entries().get(entry).value() >>> bit & 1) == 1)) {
        found[size++] = number;
      }
    }
    return AddressClasses.runs(found, size);
  }
}
