package dev.postern.enforced;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mark of a packet on its way, as far as it is known.
 *
 * @param value the bits that are known; 0 where a bit is not
 * @param unknown the bits that are not known
 */
record PacketMark(int value, int unknown) {

  PacketMark {
    value &= ~unknown;
  }

  /** After {@code (mark & ~mask) ^ value}. */
  PacketMark set(int change, int mask) {
    return new PacketMark(RuleAction.marked(value, change, mask), unknown & ~mask);
  }

  /** After these bits became unknown. */
  PacketMark lose(int bits) {
    return new PacketMark(value, unknown | bits);
  }

  Truth is(Condition.Mark wanted) {
    int seen = wanted.mask() & ~unknown;
    boolean contradicted =
        (wanted.value() & ~wanted.mask()) != 0 || (value & seen) != (wanted.value() & seen);
    return contradicted ? Truth.NO : seen == wanted.mask() ? Truth.YES : Truth.UNKNOWN;
  }

  /** What the mark may be, so that each of them is known to be, or not to be, what a condition asks for. */
  List<PacketMark> told(Condition.Mark wanted) {
    List<PacketMark> ways = new ArrayList<>();
    PacketMark as = this;
    for (int open = wanted.mask() & unknown; open != 0; open &= open - 1) {
      int bit = Integer.lowestOneBit(open);
      ways.add(new PacketMark(as.value | ~wanted.value() & bit, as.unknown & ~bit));
      as = new PacketMark(as.value | wanted.value() & bit, as.unknown & ~bit);
    }
    ways.add(as);
    return ways;
  }

  /** The first question about the mark in a condition to which the answer is not known. */
  Optional<Condition.Mark> undecided(Condition condition) {
    if (unknown == 0) {
      return Optional.empty();
    }
    if (condition instanceof Condition.Mark mark) {
      return is(mark) == Truth.UNKNOWN ? Optional.of(mark) : Optional.empty();
    }
    if (condition instanceof Condition.Not not) {
      return undecided(not.condition());
    }
    List<Condition> parts = condition instanceof Condition.All all
        ? all.conditions()
        : condition instanceof Condition.Any any ? any.conditions() : List.of();
    return parts.stream().flatMap(part -> undecided(part).stream()).findFirst();
  }
}
