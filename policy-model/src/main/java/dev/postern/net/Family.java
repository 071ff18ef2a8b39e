package dev.postern.net;

/** An address family. The two never match each other, also not through mapped addresses. */
public enum Family {
  IPV4(32),
  IPV6(128);

  private final int bits;

  Family(int bits) {
    this.bits = bits;
  }

  /** The length of an address: 32 or 128. */
  public int bits() {
    return bits;
  }
}
