package dev.postern.prove;

import static dev.postern.prove.Sentence.all;
import static dev.postern.prove.Sentence.any;
import static dev.postern.prove.Sentence.choose;
import static dev.postern.prove.Sentence.not;

import dev.postern.deadline.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The mark that packets at some place bear, said only when somebody asks: most marks are overwritten unseen. Not for several threads. */
abstract class MarkTerms {

  /** From so many questions about several bits at once on, each bit is asked about alone: there are only 32. */
  private static final int MANY = 64;

  private final Map<Long, Sentence> said = new HashMap<>();

  /** No packet bears any. */
  static MarkTerms none() {
    return new Tables(0, Optional.empty(), Optional.empty());
  }

  /** That {@code (mark & mask) == value}. */
  final Sentence equal(int value, int mask) {
    return (value & ~mask) != 0 ? Sentence.NO : masked(value, mask);
  }

  /** The same, where a value has no bits that the mask has not; said once, however often and by whichever way it is asked for. */
  final Sentence masked(int value, int mask) {
    if (mask == 0) {
      return Sentence.YES;
    }
    boolean whole = Integer.bitCount(mask) == 1 || said.size() < MANY;
    long key = (long) mask << 32 | value & 0xFFFF_FFFFL;
    Sentence before = said.get(key);
    if (before == null) {
      Deadline.current().check();
      before = whole ? say(value, mask) : bits(value, mask);
      if (whole) {
        said.put(key, before);
      }
    }
    return before;
  }

  /** Bit by bit, of which there are few. */
  private Sentence bits(int value, int mask) {
    List<Sentence> parts = new ArrayList<>();
    for (int open = mask; open != 0; open &= open - 1) {
      int bit = Integer.lowestOneBit(open);
      Sentence set = masked(bit, bit);
      parts.add((value & bit) != 0 ? set : not(set));
    }
    return all(parts);
  }

  abstract Sentence say(int value, int mask);

  private final int possible;

  private MarkTerms(int possible) {
    this.possible = possible;
  }

  /** The bits that may be set. */
  final int possible() {
    return possible;
  }

  /** After {@code (mark & ~mask) ^ value}. */
  MarkTerms set(int value, int mask) {
    return new Changed(this, value, mask);
  }

  /** After a table was looked up. */
  MarkTerms map(MarkTable table) {
    return new Mapped(this, table);
  }

  /** After some bits became unknown. */
  MarkTerms lose(int mask, Supplier<Sentence> unknown) {
    Map<Integer, Sentence> bits = new HashMap<>();
    for (int open = mask; open != 0; open &= open - 1) {
      bits.put(Integer.lowestOneBit(open), unknown.get());
    }
    return new Lost(this, mask, Map.copyOf(bits));
  }

  /** This mark where something holds, another one where not. */
  final MarkTerms where(Sentence holds, MarkTerms otherwise) {
    return this == otherwise || holds == Sentence.YES
        ? this
        : holds == Sentence.NO ? otherwise : new Mixed(holds, this, otherwise);
  }

  /** A number, and what a table says of the source and another one of the destination, put together bit by bit. */
  private static final class Tables extends MarkTerms {
    private final int constant;
    private final Optional<MarkTable> source;
    private final Optional<MarkTable> destination;

    Tables(int constant, Optional<MarkTable> source, Optional<MarkTable> destination) {
      super(constant
          | source.map(MarkTable::possible).orElse(0)
          | destination.map(MarkTable::possible).orElse(0));
      this.constant = constant;
      this.source = source;
      this.destination = destination;
    }

    private static boolean isWithin(Optional<MarkTable> table, int bits) {
      return (table.map(MarkTable::possible).orElse(0) & ~bits) == 0;
    }

    private static boolean isBeside(Optional<MarkTable> table, int bits) {
      return (table.map(MarkTable::possible).orElse(0) & bits) == 0;
    }

    @Override
    MarkTerms set(int value, int mask) {
      if ((isWithin(source, mask) || isBeside(source, mask))
          && (isWithin(destination, mask) || isBeside(destination, mask))) {
        return new Tables(
            (constant & ~mask) ^ value,
            source.filter(table -> isBeside(source, mask)),
            destination.filter(table -> isBeside(destination, mask)));
      }
      return super.set(value, mask);
    }

    @Override
    MarkTerms map(MarkTable table) {
      boolean free = (table.isOfSource() ? source : destination).isEmpty();
      if (!free || (possible() & table.masks()) != 0) {
        return super.map(table);
      }
      return table.isOfSource()
          ? new Tables(constant, Optional.of(table), destination)
          : new Tables(constant, source, Optional.of(table));
    }

    @Override
    Sentence say(int value, int mask) {
      int wanted = value ^ constant & mask;
      if (source.isEmpty() || destination.isEmpty()) {
        return source
            .or(() -> destination)
            .map(table -> table.says(wanted, mask))
            .orElse(wanted == 0 ? Sentence.YES : Sentence.NO);
      }
      MarkTable one = source.get();
      MarkTable other = destination.get();
      if (one.values(mask).size() > other.values(mask).size()) {
        one = destination.get();
        other = source.get();
      }
      List<Sentence> ways = new ArrayList<>();
      for (int said : one.values(mask)) {
        ways.add(all(one.says(said, mask), other.says(wanted ^ said, mask)));
      }
      return any(ways);
    }
  }

  private static Sentence bit(MarkTerms mark, int bit) {
    int one = 1 << bit;
    return (mark.possible() & one) == 0 ? Sentence.NO : mark.masked(one, one);
  }

  private static final class Changed extends MarkTerms {
    private final MarkTerms before;
    private final int value;
    private final int mask;

    Changed(MarkTerms before, int value, int mask) {
      super(before.possible() & ~mask | value);
      this.before = before;
      this.value = value;
      this.mask = mask;
    }

    @Override
    Sentence say(int wanted, int of) {
      boolean overwritten = ((wanted ^ value) & of & mask) == 0;
      return overwritten ? before.masked((wanted ^ value) & of & ~mask, of & ~mask) : Sentence.NO;
    }
  }

  private static final class Lost extends MarkTerms {
    private final MarkTerms before;
    private final int lost;
    private final Map<Integer, Sentence> bits;

    Lost(MarkTerms before, int lost, Map<Integer, Sentence> bits) {
      super(before.possible() | lost);
      this.before = before;
      this.lost = lost;
      this.bits = bits;
    }

    @Override
    Sentence say(int value, int mask) {
      List<Sentence> parts = new ArrayList<>();
      parts.add(before.masked(value & ~lost, mask & ~lost));
      for (int open = mask & lost; open != 0; open &= open - 1) {
        int bit = Integer.lowestOneBit(open);
        Sentence set = Objects.requireNonNull(bits.get(bit));
        parts.add((value & bit) != 0 ? set : not(set));
      }
      return all(parts);
    }
  }

  private static final class Mapped extends MarkTerms {
    private final MarkTerms before;
    private final MarkTable table;

    Mapped(MarkTerms before, MarkTable table) {
      super(before.possible() | table.possible());
      this.before = before;
      this.table = table;
    }

    @Override
    Sentence say(int value, int mask) {
      List<Sentence> parts = new ArrayList<>();
      for (int bit = 0; bit < Integer.SIZE; bit++) {
        int one = 1 << bit;
        if ((mask & one) != 0) {
          Sentence kept = all(bit(before, bit), not(table.masks(one)));
          Sentence now = choose(table.says(one, one), not(kept), kept);
          parts.add((value & one) != 0 ? now : not(now));
        }
      }
      return all(parts);
    }
  }

  private static final class Mixed extends MarkTerms {
    private final Sentence where;
    private final MarkTerms then;
    private final MarkTerms otherwise;

    Mixed(Sentence where, MarkTerms then, MarkTerms otherwise) {
      super(then.possible() | otherwise.possible());
      this.where = where;
      this.then = then;
      this.otherwise = otherwise;
    }

    @Override
    Sentence say(int value, int mask) {
      return choose(where, then.masked(value, mask), otherwise.masked(value, mask));
    }
  }
}
