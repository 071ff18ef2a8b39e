package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.algebra.Signatures;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Makes what a tier says of all peers by sweeping over them once: where a line's peers begin or end, the lines that concern a peer change,
 * and for each distinct set of them the tier is worked through once.
 */
final class StageBuilder {

  /** What a tier makes of the lines that concern one peer: the first so many of these numbers, ascending. */
  @FunctionalInterface
  interface Judge {
    Traffic judge(int[] matching, int count);
  }

  private final int peers;
  private final RuleBook book;
  private final int[] lines;
  /** One bit a line: whether it concerns the peer that the sweep has reached. */
  private final int[] active;

  private final Signatures combinations = new Signatures(4);
  private final List<ClassSet.Builder> peersOfCombination = new ArrayList<>();
  private final List<int[]> matchingOfCombination = new ArrayList<>();

  /**
   * A sweep over the peers of one tier of one profile.
   *
   * @param peers how many classes there are
   * @param lines the numbers of the lines, ascending
   */
  StageBuilder(int peers, RuleBook book, int[] lines) {
    this.peers = peers;
    this.book = book;
    this.lines = lines;
    this.active = new int[(lines.length + 31) / 32];
    if (lines.length > 0) {
      sweep();
    } else {
      matchingOfCombination.add(lines);
      peersOfCombination.add(new ClassSet.Builder().addRange(0, peers));
    }
  }

  private void sweep() {
    long[] borders = borders();
    int from = 0;
    int i = 0;
    while (from < peers) {
      while (i < borders.length && position(borders[i]) == from) {
        int line = (int) borders[i++];
        active[line >> 5] ^= 1 << (line & 31);
      }
      int to = i < borders.length ? position(borders[i]) : peers;
      add(from, to);
      from = to;
    }
  }

  /** What a judge makes of it. */
  Region build(Judge judge) {
    Region.Builder region = new Region.Builder();
    each((peersThere, matching) -> region.add(peersThere, judge.judge(matching, matching.length)));
    return region.build();
  }

  /** Hands over each combination of lines with the peers that it concerns. */
  void each(BiConsumer<ClassSet, int[]> taker) {
    for (int combination = 0; combination < matchingOfCombination.size(); combination++) {
      taker.accept(
          peersOfCombination.get(combination).build(), matchingOfCombination.get(combination));
    }
  }

  /** Where lines begin to concern peers and where they cease to, in order: the position above, the line's index below. */
  private long[] borders() {
    int size = 0;
    for (int line : lines) {
      size += 2 * book.line(line).peers().runs();
    }
    long[] borders = new long[size];
    int next = 0;
    for (int i = 0; i < lines.length; i++) {
      ClassSet set = book.line(lines[i]).peers();
      for (int run = 0; run < set.runs(); run++) {
        borders[next++] = (long) set.runFirst(run) << 32 | i;
        borders[next++] = (long) set.runEnd(run) << 32 | i;
      }
    }
    Arrays.sort(borders);
    return borders;
  }

  private static int position(long border) {
    return (int) (border >>> 32);
  }

  private void add(int from, int to) {
    int combination = combinations.intern(active, active.length);
    if (combination == matchingOfCombination.size()) {
      int[] matching = new int[lines.length];
      int count = 0;
      for (int i = 0; i < lines.length; i++) {
        if ((active[i >> 5] & 1 << (i & 31)) != 0) {
          matching[count++] = lines[i];
        }
      }
      matchingOfCombination.add(Arrays.copyOf(matching, count));
      peersOfCombination.add(new ClassSet.Builder());
    }
    peersOfCombination.get(combination).addRange(from, to);
  }
}
