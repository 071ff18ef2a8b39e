package dev.postern.net;

/**
 * A network in CIDR notation (RFC 4632), host bits cleared.
 *
 * @param network its first address
 * @param prefix the prefix length, 0..32 or 0..128
 */
public record Cidr(Address network, int prefix) implements Comparable<Cidr> {

  public Cidr {
    network = network.network(prefix);
  }

  /**
   * Reads {@code address/prefix}. Host bits may be set and are cleared, as the API server does with a warning: see {@link #hasHostBits}.
   *
   * @throws IllegalArgumentException if the text is no CIDR; the message says why
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("`" + text + "` has no prefix length, as in 10.0.0.0/8");
    }
    Address address = Address.parse(text.substring(0, slash));
    return new Cidr(
        address, prefix(text, text.substring(slash + 1), address.family().bits()));
  }

  private static int prefix(String text, String digits, int max) {
    boolean plain = !digits.isEmpty()
        && digits.length() <= 3
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!plain
        || (digits.length() > 1 && digits.charAt(0) == '0')
        || Integer.parseInt(digits) > max) {
      throw new IllegalArgumentException("`" + text + "`: a prefix length is 0 to " + max);
    }
    return Integer.parseInt(digits);
  }

  /** Whether a text that {@link #parse} takes has bits set after the prefix, as in {@code 10.1.2.3/8}. */
  public static boolean hasHostBits(String text) {
    return !Address.parse(text.substring(0, text.indexOf('/')))
        .equals(parse(text).network());
  }

  /** The network that holds this one address. */
  public static Cidr of(Address address) {
    return new Cidr(address, address.family().bits());
  }

  /** {@code 0.0.0.0/0} or {@code ::/0}. */
  public static Cidr all(Family family) {
    return new Cidr(Address.first(family), 0);
  }

  public Family family() {
    return network.family();
  }

  public Address first() {
    return network;
  }

  public Address last() {
    return network.broadcast(prefix);
  }

  public AddressRange range() {
    return new AddressRange(first(), last());
  }

  public boolean contains(Address address) {
    return address.family() == family() && address.network(prefix).equals(network);
  }

  /** Whether every address of the other network is in this one; a network contains itself. */
  public boolean contains(Cidr other) {
    return other.prefix >= prefix && contains(other.network);
  }

  // Written out, like Address's.
  @Override
  public boolean equals(Object other) {
    return other instanceof Cidr cidr && prefix == cidr.prefix && network.equals(cidr.network);
  }

  @Override
  public int hashCode() {
    return network.hashCode() * 31 + prefix;
  }

  @Override
  public int compareTo(Cidr other) {
    int byNetwork = network.compareTo(other.network);
    return byNetwork != 0 ? byNetwork : Integer.compare(prefix, other.prefix);
  }

  @Override
  public String toString() {
    return network + "/" + prefix;
  }
}
