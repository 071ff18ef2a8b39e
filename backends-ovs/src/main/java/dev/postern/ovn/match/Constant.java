package dev.postern.ovn.match;

import java.math.BigInteger;

/** What a field is compared with. */
public sealed interface Constant {

  /** A string: a port's name. */
  record Text(String value) implements Constant {}

  /**
   * A number; an address is its bits.
   *
   * @param value the bits that count; none outside the mask
   * @param mask which bits count, if not all
   * @param masked whether there is a mask
   * @param width the fewest bits that hold it: 32, 128 and 48 for addresses
   */
  record Number(BigInteger value, BigInteger mask, boolean masked, int width, boolean decimal)
      implements Constant {}
}
