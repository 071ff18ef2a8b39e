package dev.postern.page.browser.jdk;

import java.math.BigInteger;

/** What TeaVM's {@code java.lang.Long} lacks. */
public final class LongMethods {

  private LongMethods() {}

  public static long parseUnsignedLong(String text, int radix) {
    // BigInteger takes a minus sign, which no unsigned number has.
    BigInteger value = text.startsWith("-") ? BigInteger.ONE.negate() : new BigInteger(text, radix);
    if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
      throw new NumberFormatException(text);
    }
    return value.longValue();
  }
}
