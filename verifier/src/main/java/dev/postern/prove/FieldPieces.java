package dev.postern.prove;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of one part of a packet, cut into the pieces that some sets tell apart: a piece is which of the sets hold its values. A sentence
 * about these sets holds for one value of a piece iff it does for all.
 *
 * @param <V> a value
 * @param pieces in an order that depends on what they are alone
 */
record FieldPieces<V>(List<Piece<V>> pieces) {

  /** For each set the pieces that it holds, by their numbers in ascending order. */
  List<List<Integer>> bySet() {
    List<List<Integer>> bySet = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      int number = i;
      pieces.get(i).in().stream().forEach(set -> {
        while (bySet.size() <= set) {
          bySet.add(new ArrayList<>());
        }
        bySet.get(set).add(number);
      });
    }
    return bySet;
  }

  /**
   * A piece.
   *
   * @param in the numbers of the sets that hold its values
   * @param first one of its values
   * @param second another one; empty if it has no more
   */
  record Piece<V>(BitSet in, V first, Optional<V> second) {
    boolean isSingle() {
      return second.isEmpty();
    }
  }

  private static <V> FieldPieces<V> sorted(Map<BitSet, Piece<V>> found) {
    List<Piece<V>> pieces = new ArrayList<>(found.values());
    pieces.sort(
        Comparator.comparing((Piece<V> piece) -> piece.in().toLongArray(), Arrays::compare));
    return new FieldPieces<>(pieces);
  }

  /** An address from which on a set holds, or holds no longer, the addresses. */
  private record Border(Address address, int set) {}

  /** The addresses that are in one of the sets at least, cut by them. */
  static FieldPieces<Address> ofAddresses(List<AddressSet> sets) {
    List<Border> borders = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      for (AddressRange range : sets.get(i).ranges()) {
        borders.add(new Border(range.first(), i));
        if (!range.last().isLast()) {
          borders.add(new Border(range.last().next(), i));
        }
      }
    }
    borders.sort(Comparator.comparing(Border::address));
    Map<BitSet, Piece<Address>> found = new HashMap<>();
    BitSet in = new BitSet();
    for (int i = 0; i < borders.size(); i++) {
      Address address = borders.get(i).address();
      in.flip(borders.get(i).set());
      boolean more = i + 1 < borders.size();
      if (in.isEmpty() || (more && borders.get(i + 1).address().equals(address))) {
        continue;
      }
      boolean alone =
          more && !address.isLast() && borders.get(i + 1).address().equals(address.next());
      Optional<Address> next =
          alone || address.isLast() ? Optional.empty() : Optional.of(address.next());
      Piece<Address> known = found.get(in);
      if (known == null) {
        BitSet sign = (BitSet) in.clone();
        found.put(sign, new Piece<>(sign, address, next));
      } else if (known.isSingle()) {
        found.put(known.in(), new Piece<>(known.in(), known.first(), Optional.of(address)));
      }
    }
    return sorted(found);
  }

  /**
   * All numbers of some bits, cut by sets.
   *
   * @param sets ranges: the first and the last of each, ascending
   */
  static FieldPieces<Integer> ofNumbers(int bits, List<List<Integer>> sets) {
    int[] starts = java.util.stream.Stream.concat(
            java.util.stream.Stream.of(0),
            sets.stream()
                .flatMap(set -> java.util.stream.IntStream.range(0, set.size())
                    .mapToObj(i -> set.get(i) + i % 2)))
        .mapToInt(Integer::intValue)
        .filter(start -> start < 1 << bits)
        .sorted()
        .distinct()
        .toArray();
    Map<BitSet, Piece<Integer>> found = new HashMap<>();
    for (int i = 0; i < starts.length; i++) {
      BitSet in = new BitSet();
      for (int set = 0; set < sets.size(); set++) {
        in.set(set, contains(sets.get(set), starts[i]));
      }
      int end = i + 1 < starts.length ? starts[i + 1] : 1 << bits;
      found.putIfAbsent(
          in,
          new Piece<>(
              in, starts[i], end - starts[i] > 1 ? Optional.of(starts[i] + 1) : Optional.empty()));
    }
    return sorted(found);
  }

  private static boolean contains(List<Integer> ranges, int number) {
    for (int i = 0; i < ranges.size(); i += 2) {
      if (ranges.get(i) <= number && number <= ranges.get(i + 1)) {
        return true;
      }
    }
    return false;
  }
}
