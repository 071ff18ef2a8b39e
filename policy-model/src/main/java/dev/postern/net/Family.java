package dev.postern.net;

/** An address family. The two never match each other, also not through mapped addresses. */
public enum Family {
  IPV4("IPv4", 32),
  IPV6("IPv6", 128);

  private final String word;
  private final int bits;

  Family(String word, int bits) {
    this.word = word;
    this.bits = bits;
  }

  /** The length of an address: 32 or 128. */
  public int bits() {
    return bits;
  }

  /** The family as people write it: {@code IPv4} or {@code IPv6}. */
  public String word() {
    return word;
  }
}
