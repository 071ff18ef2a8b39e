package dev.postern.net;

/**
 * An IP address: a family and an unsigned number of 32 or 128 bits.
 *
 * @param family the address family
 * @param high the upper 64 bits; 0 for IPv4
 * @param low the lower 64 bits; for IPv4 the address itself, 0..2^32-1
 */
public record Address(Family family, long high, long low) implements Comparable<Address> {

  private static final long IPV4_MAX = 0xFFFF_FFFFL;

  /** @throws IllegalArgumentException if an IPv4 address has more than 32 bits */
  public Address {
    if (family == Family.IPV4 && (high != 0 || (low & ~IPV4_MAX) != 0)) {
      throw new IllegalArgumentException("an IPv4 address has 32 bits");
    }
  }

  /**
   * Reads an address in dotted or colon notation, as the Kubernetes API does: no leading zeros in IPv4, no zone in IPv6.
   *
   * @throws IllegalArgumentException if the text is no address; the message says why
   */
  public static Address parse(String text) {
    return AddressText.parse(text);
  }

  /** Whether it stands for an address of IPv4 among those of IPv6: one of {@code ::ffff:0:0/96} (RFC 4291, 2.5.5.2). */
  public boolean isIpv4Mapped() {
    return family == Family.IPV6 && high == 0 && low >>> 32 == 0xFFFF;
  }

  /**
   * The address of IPv4 that it stands for.
   *
   * @throws IllegalStateException if it is not {@linkplain #isIpv4Mapped() mapped}
   */
  public Address ofIpv4() {
    if (!isIpv4Mapped()) {
      throw new IllegalStateException(this + " stands for no address of IPv4");
    }
    return ipv4(low & 0xFFFF_FFFFL);
  }

  public static Address ipv4(long value) {
    return new Address(Family.IPV4, 0, value);
  }

  public static Address ipv6(long high, long low) {
    return new Address(Family.IPV6, high, low);
  }

  /** The first address of a family: {@code 0.0.0.0} or {@code ::}. */
  public static Address first(Family family) {
    return new Address(family, 0, 0);
  }

  /** The last address of a family. */
  public static Address last(Family family) {
    return family == Family.IPV4 ? ipv4(IPV4_MAX) : ipv6(-1L, -1L);
  }

  public boolean isFirst() {
    return high == 0 && low == 0;
  }

  public boolean isLast() {
    return equals(last(family));
  }

  /**
   * The address after this one.
   *
   * @throws ArithmeticException after the last address
   */
  public Address next() {
    if (isLast()) {
      throw new ArithmeticException("no address after " + this);
    }
    return low == -1L ? new Address(family, high + 1, 0) : new Address(family, high, low + 1);
  }

  /**
   * The address before this one.
   *
   * @throws ArithmeticException before the first address
   */
  public Address previous() {
    if (isFirst()) {
      throw new ArithmeticException("no address before " + this);
    }
    return low == 0 ? new Address(family, high - 1, -1L) : new Address(family, high, low - 1);
  }

  /** This address with all bits after the first {@code prefix} (0..32 or 0..128) cleared. */
  public Address network(int prefix) {
    long[] mask = mask(prefix);
    return new Address(family, high & mask[0], low & mask[1]);
  }

  /** This address with all bits after the first {@code prefix} (0..32 or 0..128) set. */
  public Address broadcast(int prefix) {
    long[] mask = mask(prefix);
    return family == Family.IPV4
        ? ipv4((low | ~mask[1]) & IPV4_MAX)
        : ipv6(high | ~mask[0], low | ~mask[1]);
  }

  private long[] mask(int prefix) {
    if (prefix < 0 || prefix > family.bits()) {
      throw new IllegalArgumentException(
          "a prefix length of " + family + " is 0 to " + family.bits());
    }
    if (family == Family.IPV4) {
      return new long[] {0, prefix == 0 ? 0 : (IPV4_MAX << (32 - prefix)) & IPV4_MAX};
    }
    long upper = prefix == 0 ? 0 : prefix >= 64 ? -1L : -1L << (64 - prefix);
    long lower = prefix <= 64 ? 0 : -1L << (128 - prefix);
    return new long[] {upper, lower};
  }

  /** The 4 or 16 bytes in network order. */
  public byte[] bytes() {
    int length = family.bits() / 8;
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      int fromEnd = length - 1 - i;
      long word = fromEnd >= 8 ? high : low;
      bytes[i] = (byte) (word >>> (8 * (fromEnd % 8)));
    }
    return bytes;
  }

  // Written out: what a record generates for these is linked at run time, which costs every start
  // some milliseconds.
  @Override
  public boolean equals(Object other) {
    return other instanceof Address address
        && low == address.low
        && high == address.high
        && family == address.family;
  }

  @Override
  public int hashCode() {
    return (Long.hashCode(high) * 31 + Long.hashCode(low)) * 31 + family.ordinal();
  }

  /** IPv4 before IPv6, then by number. */
  @Override
  public int compareTo(Address other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** The canonical text: dotted IPv4, or IPv6 as RFC 5952 writes it. */
  @Override
  public String toString() {
    return AddressText.format(this);
  }
}
