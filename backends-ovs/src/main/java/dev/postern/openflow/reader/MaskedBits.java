package dev.postern.openflow.reader;

import dev.postern.net.Address;
import dev.postern.net.Family;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Some bits of a field and what they are to be.
 *
 * @param value the bits; 0 where the mask is
 * @param mask which bits are meant
 */
record MaskedBits(BigInteger value, BigInteger mask) {

  /** More runs of numbers than that are not written out. */
  private static final int MOST_RANGES = 1 << 12;

  private static final Pattern ETHERNET = Pattern.compile("(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}");

  MaskedBits {
    value = value.and(mask);
  }

  /** All bits of a field. */
  static MaskedBits exactly(long value, int width) {
    return new MaskedBits(BigInteger.valueOf(value), ones(width));
  }

  static BigInteger ones(int width) {
    return BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
  }

  /**
   * Reads {@code value} or {@code value/mask}, decimal, hexadecimal, or as an Ethernet address.
   *
   * @return nothing if it is no number, or has more bits than the field
   */
  static Optional<MaskedBits> parse(String text, int width) {
    int slash = text.indexOf('/');
    Optional<BigInteger> value = number(slash < 0 ? text : text.substring(0, slash));
    Optional<BigInteger> mask =
        slash < 0 ? Optional.of(ones(width)) : number(text.substring(slash + 1));
    return value
        .filter(v -> v.bitLength() <= width)
        .flatMap(v -> mask.filter(m -> m.bitLength() <= width).map(m -> new MaskedBits(v, m)));
  }

  static Optional<BigInteger> number(String text) {
    if (ETHERNET.matcher(text).matches()) {
      return Optional.of(new BigInteger(text.replace(":", ""), 16));
    }
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    String digits = hex ? text.substring(2) : text;
    if (digits.isEmpty()
        || !digits.chars().allMatch(c -> Character.digit(c, hex ? 16 : 10) >= 0 && c < 128)) {
      return Optional.empty();
    }
    return Optional.of(new BigInteger(digits, hex ? 16 : 10));
  }

  /** Reads an address, or one with a prefix's length or a mask after a slash. */
  static Optional<MaskedBits> parseAddress(String text, Family family) {
    int slash = text.indexOf('/');
    String after = slash < 0 ? "" : text.substring(slash + 1);
    try {
      Address address = Address.parse(slash < 0 ? text : text.substring(0, slash));
      if (address.family() != family) {
        return Optional.empty();
      }
      BigInteger mask = ones(family.bits());
      if (slash >= 0 && after.chars().allMatch(Character::isDigit) && !after.isEmpty()) {
        int prefix = after.length() > 3 ? family.bits() + 1 : Integer.parseInt(after);
        if (prefix > family.bits()) {
          return Optional.empty();
        }
        mask = mask.shiftRight(family.bits() - prefix).shiftLeft(family.bits() - prefix);
      } else if (slash >= 0) {
        Address masked = Address.parse(after);
        if (masked.family() != family) {
          return Optional.empty();
        }
        mask = new BigInteger(1, masked.bytes());
      }
      return Optional.of(new MaskedBits(new BigInteger(1, address.bytes()), mask));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  /** The same bits of a wider field, in which this one begins at a bit. */
  MaskedBits at(int low) {
    return new MaskedBits(value.shiftLeft(low), mask.shiftLeft(low));
  }

  /** Both; they must not contradict each other. */
  MaskedBits and(MaskedBits other) {
    return new MaskedBits(value.or(other.value), mask.or(other.mask));
  }

  /** Whether no number has these bits and those. */
  boolean excludes(MaskedBits other) {
    return value.xor(other.value).and(mask).and(other.mask).signum() != 0;
  }

  /** The numbers with these bits, as runs from first to last in order; nothing where they are too many to write out. */
  Optional<List<BigInteger[]>> ranges(int width) {
    BigInteger free = ones(width).andNot(mask);
    int low = free.not().getLowestSetBit();
    low = Math.min(low < 0 ? width : low, width);
    BigInteger above = free.shiftRight(low).shiftLeft(low);
    if (above.bitCount() >= Integer.numberOfTrailingZeros(MOST_RANGES)) {
      return Optional.empty();
    }
    BigInteger length = ones(low);
    List<BigInteger[]> runs = new ArrayList<>();
    BigInteger part = BigInteger.ZERO;
    do {
      BigInteger first = value.or(part);
      runs.add(new BigInteger[] {first, first.or(length)});
      // Counts through the free bits above the lowest run of them.
      part = part.subtract(above).and(above);
    } while (part.signum() != 0);
    return Optional.of(runs);
  }
}
