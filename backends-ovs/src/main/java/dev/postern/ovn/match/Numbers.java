package dev.postern.ovn.match;

import dev.postern.net.Address;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** The numbers of the language: decimal, hexadecimal, IPv4, IPv6, Ethernet, each with a mask of its own kind or a prefix length. */
final class Numbers {

  private static final Pattern ETHERNET = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("0[xX][0-9a-fA-F]+");
  private static final BigInteger DECIMAL_END = BigInteger.ONE.shiftLeft(64);
  private static final int MOST_BITS = 1024;

  private enum Format {
    DECIMAL,
    HEXADECIMAL,
    IPV4,
    IPV6,
    ETHERNET
  }

  private record Plain(Format format, BigInteger value) {}

  private Numbers() {}

  /** The constant that a text is; empty with a reason in {@code why} if it is none. */
  static Optional<Constant.Number> parse(String text, StringBuilder why) {
    int slash = text.indexOf('/');
    Optional<Plain> value = plain(slash < 0 ? text : text.substring(0, slash), why);
    if (value.isEmpty() || slash < 0) {
      return value.map(Numbers::unmasked);
    }
    Optional<Plain> mask = plain(text.substring(slash + 1), why);
    if (mask.isEmpty()) {
      return Optional.empty();
    }
    Optional<BigInteger> bits = mask(value.get(), mask.get());
    if (bits.isEmpty()) {
      why.append("value and mask have incompatible formats");
      return Optional.empty();
    }
    BigInteger kept = value.get().value.and(bits.get());
    return Optional.of(new Constant.Number(kept, bits.get(), true, bits.get().bitLength(), false));
  }

  private static Constant.Number unmasked(Plain plain) {
    int width = switch (plain.format) {
      case DECIMAL, HEXADECIMAL -> plain.value.bitLength();
      case IPV4 -> 32;
      case ETHERNET -> 48;
      case IPV6 -> 128;
    };
    return new Constant.Number(
        plain.value, BigInteger.ZERO, false, width, plain.format == Format.DECIMAL);
  }

  private static Optional<BigInteger> mask(Plain value, Plain mask) {
    if (value.format == mask.format) {
      return Optional.of(mask.value);
    }
    if (mask.format == Format.DECIMAL) {
      int bits = value.format == Format.IPV4 ? 32 : value.format == Format.IPV6 ? 128 : -1;
      // OVN looks at the lower 32 bits of the number only.
      int prefix = mask.value.intValue();
      return prefix >= 0 && prefix <= bits
          ? Optional.of(
              BigInteger.ONE.shiftLeft(prefix).subtract(BigInteger.ONE).shiftLeft(bits - prefix))
          : Optional.empty();
    }
    return value.format == Format.DECIMAL
            && mask.format == Format.HEXADECIMAL
            && value.value.signum() == 0
        ? Optional.of(mask.value)
        : Optional.empty();
  }

  private static Optional<Plain> plain(String text, StringBuilder why) {
    if (ETHERNET.matcher(text).matches()) {
      return Optional.of(new Plain(Format.ETHERNET, new BigInteger(text.replace(":", ""), 16)));
    }
    if (DECIMAL.matcher(text).matches()) {
      BigInteger value = new BigInteger(text);
      if (text.startsWith("0") && text.length() > 1) {
        why.append("a decimal number has no leading zeros");
        return Optional.empty();
      }
      if (value.compareTo(DECIMAL_END) >= 0) {
        why.append("a decimal number is less than 2^64");
        return Optional.empty();
      }
      return Optional.of(new Plain(Format.DECIMAL, value));
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      BigInteger value = new BigInteger(text.substring(2), 16);
      if (value.bitLength() > MOST_BITS) {
        why.append("a hexadecimal number has at most " + MOST_BITS + " bits");
        return Optional.empty();
      }
      return Optional.of(new Plain(Format.HEXADECIMAL, value));
    }
    try {
      Address address = Address.parse(text);
      return Optional.of(new Plain(
          text.indexOf(':') >= 0 ? Format.IPV6 : Format.IPV4, new BigInteger(1, address.bytes())));
    } catch (IllegalArgumentException notAnAddress) {
      why.append("`" + text + "` is no number and no address");
      return Optional.empty();
    }
  }
}
