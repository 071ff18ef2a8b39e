package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Signatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which peers which of some lines concern together: a sweep over the peers, at each of which a line's peers begin or end. Peers that no line
 * concerns are left out.
 */
final class Combinations {

  /**
   * Peers that the same lines concern.
   *
   * @param lines their numbers, ascending
   * @param peers the peers
   */
  record Combination(int[] lines, ClassSet peers) {}

  private Combinations() {}

  static List<Combination> of(int[] numbers, List<RuleLines.Line> lines) {
    if (numbers.length == 1) {
      return List.of(new Combination(numbers, lines.get(numbers[0]).peers()));
    }
    int size = 0;
    for (int number : numbers) {
      size += 2 * lines.get(number).peers().runs();
    }
    long[] borders = new long[size];
    int next = 0;
    for (int i = 0; i < numbers.length; i++) {
      ClassSet peers = lines.get(numbers[i]).peers();
      for (int run = 0; run < peers.runs(); run++) {
        borders[next++] = (long) peers.runFirst(run) << 32 | i;
        borders[next++] = (long) peers.runEnd(run) << 32 | i;
      }
    }
    Arrays.sort(borders);
    int[] active = new int[(numbers.length + 31) / 32];
    int alive = 0;
    Signatures seen = new Signatures(4);
    List<ClassSet.Builder> peers = new ArrayList<>();
    for (int i = 0; i < borders.length; ) {
      int from = (int) (borders[i] >>> 32);
      while (i < borders.length && (int) (borders[i] >>> 32) == from) {
        int line = (int) borders[i++];
        int bit = 1 << (line & 31);
        active[line >> 5] ^= bit;
        alive += (active[line >> 5] & bit) != 0 ? 1 : -1;
      }
      if (alive > 0) {
        int combination = seen.intern(active, active.length);
        if (combination == peers.size()) {
          peers.add(new ClassSet.Builder());
        }
        peers.get(combination).addRange(from, (int) (borders[i] >>> 32));
      }
    }
    List<Combination> combinations = new ArrayList<>(peers.size());
    for (int id = 0; id < peers.size(); id++) {
      combinations.add(
          new Combination(members(seen.get(id), numbers), peers.get(id).build()));
    }
    return combinations;
  }

  private static int[] members(int[] bits, int[] numbers) {
    int[] members = new int[numbers.length];
    int count = 0;
    for (int i = 0; i < numbers.length; i++) {
      if ((bits[i >> 5] & 1 << (i & 31)) != 0) {
        members[count++] = numbers[i];
      }
    }
    return Arrays.copyOf(members, count);
  }
}
