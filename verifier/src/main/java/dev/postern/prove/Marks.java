package dev.postern.prove;

import dev.postern.enforced.RuleAction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The marks that some packets bear by now: for each of the 32 bits, the packets that have it set; nothing is said of other packets. Bits
 * are functions of the packet, so that a class of the source in some bits and one of the destination in others never meet in a product.
 * Immutable.
 */
final class Marks {

  private static final int BITS = 32;

  private final Fields fields;
  private final Bdd bdd;
  private final int[] bits;
  /** Sets of packets by what some of their bits have to be. */
  private final Map<Long, Integer> equal = new HashMap<>();
  /** What unconditional actions make of these marks. */
  private final Map<RuleAction, Marks> after = new IdentityHashMap<>();

  private Marks(Fields fields, int[] bits) {
    this.fields = fields;
    this.bdd = fields.bdd;
    this.bits = bits;
  }

  /** No packet bears any. */
  static Marks none(Fields fields) {
    int[] bits = new int[BITS];
    Arrays.fill(bits, Bdd.FALSE);
    return new Marks(fields, bits);
  }

  /** The packets with {@code (mark & mask) == value}. */
  int equal(int value, int mask) {
    return (value & ~mask) != 0 ? Bdd.FALSE : prefix(mask, value);
  }

  /** Bit by bit from the highest, so that values share what they have in common. */
  private int prefix(int mask, int value) {
    if (mask == 0) {
      return Bdd.TRUE;
    }
    long key = (long) mask << 32 | value & 0xFFFF_FFFFL;
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

  /** These marks for some packets, others for the rest. */
  Marks where(int packets, Marks others) {
    if (this == others || packets == Bdd.TRUE) {
      return this;
    }
    int[] mixed = new int[BITS];
    for (int bit = 0; bit < BITS; bit++) {
      mixed[bit] =
          bits[bit] == others.bits[bit] ? bits[bit] : bdd.ite(packets, bits[bit], others.bits[bit]);
    }
    return new Marks(fields, mixed);
  }

  /** After {@code (mark & ~mask) ^ value} on all these packets. */
  Marks set(RuleAction.SetMark action) {
    return after.computeIfAbsent(action, a -> set(Bdd.TRUE, action.value(), action.mask()));
  }

  private Marks set(int packets, int value, int mask) {
    int[] changed = bits.clone();
    for (int bit = 0; bit < BITS; bit++) {
      boolean one = (value >>> bit & 1) == 1;
      if ((mask >>> bit & 1) == 1) {
        changed[bit] = one ? bdd.or(bits[bit], packets) : bdd.minus(bits[bit], packets);
      } else if (one) {
        changed[bit] = bdd.ite(packets, Bdd.not(bits[bit]), bits[bit]);
      }
    }
    return new Marks(fields, changed);
  }

  /** After some bits became unknown: each is a variable of its own. */
  Marks lose(int mask, IntSupplier unknown) {
    int[] changed = bits.clone();
    for (int bit = 0; bit < BITS; bit++) {
      if ((mask >>> bit & 1) == 1) {
        changed[bit] = unknown.getAsInt();
      }
    }
    return new Marks(fields, changed);
  }

  /** After all these packets were marked by a table of addresses; the first entry that holds an address counts. */
  Marks map(RuleAction.MapMark map) {
    return after.computeIfAbsent(map, a -> computeMap(map));
  }

  private Marks computeMap(RuleAction.MapMark map) {
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
    int[] changed = bits.clone();
    for (int bit = 0; bit < BITS; bit++) {
      int masked = with(map, entryOf, bit, true);
      int flipped = with(map, entryOf, bit, false);
      if (masked != Bdd.FALSE || flipped != Bdd.FALSE) {
        int kept = bdd.minus(bits[bit], masked);
        changed[bit] = bdd.or(bdd.minus(kept, flipped), bdd.minus(flipped, kept));
      }
    }
    return new Marks(fields, changed);
  }

  /** The packets whose entry has a bit set in its mask, or in its value. */
  private int with(RuleAction.MapMark map, int[] entryOf, int bit, boolean mask) {
    int[] found = new int[entryOf.length];
    int size = 0;
    for (int number = 0; number < entryOf.length; number++) {
      if (entryOf[number] >= 0) {
        RuleAction.MapMark.Entry entry = map.entries().get(entryOf[number]);
        if (((mask ? entry.mask() : entry.value()) >>> bit & 1) == 1) {
          found[size++] = number;
        }
      }
    }
    int[] runs = AddressClasses.runs(found, size);
    return map.source() ? fields.sources(runs) : fields.destinations(runs);
  }
}
