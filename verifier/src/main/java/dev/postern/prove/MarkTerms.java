package dev.postern.prove;

import static dev.postern.prove.Sentence.all;
import static dev.postern.prove.Sentence.any;
import static dev.postern.prove.Sentence.choose;
import static dev.postern.prove.Sentence.not;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The mark that packets at some place bear, said only when somebody asks: most marks are overwritten unseen. Immutable. */
abstract class MarkTerms {

  /** No packet bears any. */
  static final MarkTerms NONE = new Tables(0, Optional.empty(), Optional.empty());

  /** That {@code (mark & mask) == value}. */
  final Sentence equal(int value, int mask) {
    return (value & ~mask) != 0 ? Sentence.NO : masked(value, mask);
  }

  /** The same, where a value has no bits that the mask has not. */
  abstract Sentence masked(int value, int mask);

  /** The bits that may be set. */
  abstract int possible();

  /** After {@code (mark & ~mask) ^ value}. */
  MarkTerms set(int value, int mask) {
    return new Changed(this, value, mask);
  }

  /** After a table was looked up. */
  MarkTerms map(MarkTable table) {
    return new Mapped(this, table);
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
      this.constant = constant;
      this.source = source;
      this.destination = destination;
    }

    @Override
    int possible() {
      return constant
          | source.map(MarkTable::possible).orElse(0)
          | destination.map(MarkTable::possible).orElse(0);
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
    Sentence masked(int value, int mask) {
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
      this.before = before;
      this.value = value;
      this.mask = mask;
    }

    @Override
    int possible() {
      return before.possible() & ~mask | value;
    }

    @Override
    Sentence masked(int wanted, int of) {
      boolean overwritten = ((wanted ^ value) & of & mask) == 0;
      return overwritten ? before.masked((wanted ^ value) & of & ~mask, of & ~mask) : Sentence.NO;
    }
  }

  private static final class Mapped extends MarkTerms {
    private final MarkTerms before;
    private final MarkTable table;

    Mapped(MarkTerms before, MarkTable table) {
      this.before = before;
      this.table = table;
    }

    @Override
    int possible() {
      return before.possible() | table.possible();
    }

    @Override
    Sentence masked(int value, int mask) {
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
      this.where = where;
      this.then = then;
      this.otherwise = otherwise;
    }

    @Override
    int possible() {
      return then.possible() | otherwise.possible();
    }

    @Override
    Sentence masked(int value, int mask) {
      return mask == 0
          ? Sentence.YES
          : choose(where, then.masked(value, mask), otherwise.masked(value, mask));
    }
  }
}
