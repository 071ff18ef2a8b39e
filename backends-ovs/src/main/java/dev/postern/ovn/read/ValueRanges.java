package dev.postern.ovn.read;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.ovn.match.Constant;
import dev.postern.ovn.match.OvnMatch.Compare;
import dev.postern.ovn.match.OvnMatch.Operator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The values of a field that a comparison holds for, as disjoint ascending ranges.
 *
 * @param ranges pairs of first and last
 */
record ValueRanges(List<BigInteger[]> ranges) {

  /** Masks with holes make ranges: up to 2^12 of them a constant. */
  private static final int MOST_HOLES = 12;

  /** The values; empty if they are too many ranges to write down. */
  static Optional<ValueRanges> of(Compare compare, Operator relation) {
    int width = compare.symbol().width();
    BigInteger end = BigInteger.ONE.shiftLeft(width);
    List<BigInteger[]> ranges = new ArrayList<>();
    boolean equality = relation == Operator.EQ || relation == Operator.NE;
    if (equality) {
      for (Constant constant : compare.constants()) {
        Constant.Number number = (Constant.Number) constant;
        BigInteger part = BigInteger.ONE.shiftLeft(compare.bits()).subtract(BigInteger.ONE);
        BigInteger mask =
            (number.masked() ? number.mask().and(part) : part).shiftLeft(compare.low());
        if (!add(ranges, number.value().and(part).shiftLeft(compare.low()), mask, width)) {
          return Optional.empty();
        }
      }
    } else {
      if (!compare.whole()) {
        return Optional.empty();
      }
      BigInteger value = ((Constant.Number) compare.constants().get(0)).value();
      BigInteger last = end.subtract(BigInteger.ONE);
      BigInteger[] range = switch (relation) {
        case LT -> new BigInteger[] {BigInteger.ZERO, value.subtract(BigInteger.ONE)};
        case LE -> new BigInteger[] {BigInteger.ZERO, value};
        case GT -> new BigInteger[] {value.add(BigInteger.ONE), last};
        default -> new BigInteger[] {value, last};
      };
      if (range[0].compareTo(range[1]) <= 0) {
        ranges.add(range);
      }
    }
    List<BigInteger[]> merged = merged(ranges);
    return Optional.of(new ValueRanges(relation == Operator.NE ? complement(merged, end) : merged));
  }

  /** Adds the values that agree with one on the bits of a mask; false if they are too many ranges. */
  private static boolean add(
      List<BigInteger[]> ranges, BigInteger value, BigInteger mask, int width) {
    int lowest = mask.signum() == 0 ? width : mask.getLowestSetBit();
    List<Integer> holes = new ArrayList<>();
    for (int bit = lowest; bit < width; bit++) {
      if (!mask.testBit(bit)) {
        holes.add(bit);
      }
    }
    if (holes.size() > MOST_HOLES) {
      return false;
    }
    BigInteger below = BigInteger.ONE.shiftLeft(lowest).subtract(BigInteger.ONE);
    for (int choice = 0; choice < 1 << holes.size(); choice++) {
      BigInteger first = value;
      for (int i = 0; i < holes.size(); i++) {
        first = (choice >> i & 1) == 1 ? first.setBit(holes.get(i)) : first;
      }
      ranges.add(new BigInteger[] {first, first.or(below)});
    }
    return true;
  }

  private static List<BigInteger[]> merged(List<BigInteger[]> ranges) {
    ranges.sort(Comparator.comparing((BigInteger[] range) -> range[0]));
    List<BigInteger[]> merged = new ArrayList<>();
    for (BigInteger[] range : ranges) {
      BigInteger[] last = merged.isEmpty() ? range : merged.get(merged.size() - 1);
      if (!merged.isEmpty() && range[0].compareTo(last[1].add(BigInteger.ONE)) <= 0) {
        last[1] = last[1].max(range[1]);
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  private static List<BigInteger[]> complement(List<BigInteger[]> ranges, BigInteger end) {
    List<BigInteger[]> rest = new ArrayList<>();
    BigInteger from = BigInteger.ZERO;
    for (BigInteger[] range : ranges) {
      if (from.compareTo(range[0]) < 0) {
        rest.add(new BigInteger[] {from, range[0].subtract(BigInteger.ONE)});
      }
      from = range[1].add(BigInteger.ONE);
    }
    if (from.compareTo(end) < 0) {
      rest.add(new BigInteger[] {from, end.subtract(BigInteger.ONE)});
    }
    return rest;
  }

  AddressSet addresses(Family family) {
    return new AddressSet(ranges.stream()
        .map(range -> new AddressRange(address(family, range[0]), address(family, range[1])))
        .toList());
  }

  private static Address address(Family family, BigInteger value) {
    return family == Family.IPV4
        ? Address.ipv4(value.longValue())
        : Address.ipv6(value.shiftRight(64).longValue(), value.longValue());
  }
}
