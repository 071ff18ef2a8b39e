package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.RunningTotals;
import java.util.Arrays;
import java.util.function.IntFunction;

/** For each of some slots the numbers of the sets that hold it, ascending: many short lists in one array. */
final class NumberLists {

  private final int[] starts;
  private final int[] all;

  private NumberLists(int[] starts, int[] all) {
    this.starts = starts;
    this.all = all;
  }

  /**
   * Lists the sets that hold the members which have a slot.
   *
   * @param slotOf by member its slot, or -1; members from its length on have none
   * @param slots how many slots there are, each with at most one member
   * @param count how many sets there are
   * @param sets the sets by number
   */
  static NumberLists of(int[] slotOf, int slots, int count, IntFunction<ClassSet> sets) {
    int[] starts = new int[slots + 1];
    each(slotOf, count, sets, (slot, set) -> starts[slot + 1]++);
    RunningTotals.sum(starts);
    int[] next = Arrays.copyOf(starts, slots);
    int[] all = new int[starts[slots]];
    each(slotOf, count, sets, (slot, set) -> all[next[slot]++] = set);
    return new NumberLists(starts, all);
  }

  @FunctionalInterface
  private interface Taker {
    void take(int slot, int set);
  }

  private static void each(int[] slotOf, int count, IntFunction<ClassSet> sets, Taker taker) {
    for (int number = 0; number < count; number++) {
      ClassSet set = sets.apply(number);
      for (int run = 0; run < set.runs(); run++) {
        int end = Math.min(set.runEnd(run), slotOf.length);
        for (int member = set.runFirst(run); member < end; member++) {
          if (slotOf[member] >= 0) {
            taker.take(slotOf[member], number);
          }
        }
      }
    }
  }

  /** The list of a slot. */
  int[] get(int slot) {
    return Arrays.copyOfRange(all, starts[slot], starts[slot + 1]);
  }

  int size(int slot) {
    return starts[slot + 1] - starts[slot];
  }
}
