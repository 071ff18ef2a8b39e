package dev.postern.prove;

import dev.postern.net.AddressSet;
import dev.postern.tier.BooleanAlgebra;
import java.util.ArrayList;
import java.util.List;

/**
 * A sentence about a packet, as policies and rules say it. What is known already is folded away when a sentence is made: {@link #YES} and
 * {@link #NO} are no part of another. {@link SentenceEncoding} tells sentences to Z3.
 */
sealed interface Sentence {

  Sentence YES = new All(List.of());
  Sentence NO = new Any(List.of());

  /** Sentences as conditions that tiers are worked out over. Immutable. */
  BooleanAlgebra<Sentence> ALGEBRA = new BooleanAlgebra<>() {
    @Override
    public Sentence no() {
      return NO;
    }

    @Override
    public Sentence yes() {
      return YES;
    }

    @Override
    public Sentence not(Sentence condition) {
      return Sentence.not(condition);
    }

    @Override
    public Sentence and(Sentence one, Sentence other) {
      return Sentence.all(one, other);
    }

    @Override
    public Sentence or(Sentence one, Sentence other) {
      return Sentence.any(one, other);
    }

    @Override
    public Sentence any(List<Sentence> conditions) {
      return Sentence.any(conditions);
    }
  };

  /** Asks what to make of each kind of sentence. */
  <R> R on(Cases<R> cases);

  /** One answer for each kind of sentence. */
  interface Cases<R> {
    R all(All all);

    R any(Any any);

    R not(Not not);

    R address(InAddresses in);

    R number(InNumbers in);

    R same(Same same);

    R unknown(Unknown unknown);
  }

  /** A part of a packet that is a number. */
  enum Field {
    PROTOCOL(8),
    SOURCE_PORT(16),
    DESTINATION_PORT(16),
    ICMP_TYPE(8),
    IN_INTERFACE(16),
    OUT_INTERFACE(16);

    final int bits;

    Field(int bits) {
      this.bits = bits;
    }
  }

  /** All of these hold. */
  record All(List<Sentence> parts) implements Sentence {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.all(this);
    }
  }

  /** One of these holds at least. */
  record Any(List<Sentence> parts) implements Sentence {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.any(this);
    }
  }

  /** It does not hold. */
  record Not(Sentence part) implements Sentence {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.not(this);
    }
  }

  /** The source's or the destination's address is in a set. */
  record InAddresses(boolean source, AddressSet set) implements Sentence {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.address(this);
    }
  }

  /** A number is in one of some ranges: the first and the last of each, ascending. */
  record InNumbers(Field field, List<Integer> ranges) implements Sentence {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.number(this);
    }
  }

  /** Source and destination are the same address. */
  record Same() implements Sentence {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.same(this);
    }
  }

  /** Something that was not understood: it may hold or not. */
  record Unknown(int number) implements Sentence {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.unknown(this);
    }
  }

  static Sentence not(Sentence part) {
    return part == YES
        ? NO
        : part == NO ? YES : part instanceof Not not ? not.part() : new Not(part);
  }

  static Sentence all(Sentence... parts) {
    return all(List.of(parts));
  }

  static Sentence all(List<Sentence> parts) {
    List<Sentence> open = new ArrayList<>(parts.size());
    for (Sentence part : parts) {
      if (part == NO) {
        return NO;
      }
      if (part != YES) {
        open.add(part);
      }
    }
    return open.isEmpty() ? YES : open.size() == 1 ? open.get(0) : new All(open);
  }

  static Sentence any(Sentence... parts) {
    return any(List.of(parts));
  }

  static Sentence any(List<Sentence> parts) {
    List<Sentence> open = new ArrayList<>(parts.size());
    for (Sentence part : parts) {
      if (part == YES) {
        return YES;
      }
      if (part != NO) {
        open.add(part);
      }
    }
    return open.isEmpty() ? NO : open.size() == 1 ? open.get(0) : new Any(open);
  }

  /** {@code condition ? then : otherwise}. */
  static Sentence choose(Sentence condition, Sentence then, Sentence otherwise) {
    return then == otherwise ? then : any(all(condition, then), all(not(condition), otherwise));
  }

  /** Both hold, or neither. */
  static Sentence iff(Sentence one, Sentence other) {
    return choose(one, other, not(other));
  }

  /** The number is one from the first to the last; no number is larger than its bits allow. */
  static Sentence in(Field field, int first, int last) {
    int from = Math.max(0, first);
    int to = Math.min(last, (1 << field.bits) - 1);
    if (from > to) {
      return NO;
    }
    return from == 0 && to == (1 << field.bits) - 1 ? YES : new InNumbers(field, List.of(from, to));
  }

  /** The number is one of these. */
  static Sentence in(Field field, Iterable<Integer> ascending) {
    List<Integer> ranges = new ArrayList<>();
    for (int number : ascending) {
      int end = ranges.size() - 1;
      if (number < 0 || number >= 1 << field.bits) {
        continue;
      }
      if (end > 0 && ranges.get(end) + 1 == number) {
        ranges.set(end, number);
      } else {
        ranges.add(number);
        ranges.add(number);
      }
    }
    return ranges.isEmpty() ? NO : new InNumbers(field, List.copyOf(ranges));
  }
}
