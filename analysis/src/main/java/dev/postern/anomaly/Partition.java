package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import java.util.Arrays;

/** Numbers in groups whose members are in the same of some sets. */
final class Partition {

  private final int[] groupOf;
  /** How many groups there ever were; some have no members any more. */
  private int used = 1;

  /** Where the members of a group that are in the current set go, and in the turn of which set that was said. */
  private int[] target = new int[64];

  private int[] turnOf = new int[64];
  private int turn;

  /** All numbers below this in one group. */
  Partition(int size) {
    groupOf = new int[size];
  }

  /** A partition that starts as another is. */
  Partition(Partition other) {
    groupOf = other.groupOf.clone();
    used = other.used;
    target = new int[other.target.length];
    turnOf = new int[other.target.length];
  }

  /** Parts in each group those that are in a set from those that are not. */
  void split(ClassSet set) {
    turn++;
    for (int run = 0; run < set.runs(); run++) {
      int end = Math.min(set.runEnd(run), groupOf.length);
      for (int number = set.runFirst(run); number < end; number++) {
        int group = groupOf[number];
        if (turnOf[group] != turn) {
          if (used == target.length) {
            target = Arrays.copyOf(target, 2 * used);
            turnOf = Arrays.copyOf(turnOf, 2 * used);
          }
          turnOf[group] = turn;
          target[group] = used++;
        }
        groupOf[number] = target[group];
      }
    }
  }

  /** By member its group; groups are numbered 0, 1, 2 … in order of their lowest members. */
  int[] groups() {
    int[] numbers = new int[used];
    Arrays.fill(numbers, -1);
    int[] groups = new int[groupOf.length];
    int next = 0;
    for (int number = 0; number < groups.length; number++) {
      int group = groupOf[number];
      if (numbers[group] < 0) {
        numbers[group] = next++;
      }
      groups[number] = numbers[group];
    }
    return groups;
  }
}
