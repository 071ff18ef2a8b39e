package dev.postern.traffic;

/** Sums of what logs count, which may say any number: past {@link Long#MAX_VALUE} a sum stays there and never becomes negative. */
public final class Count {

  private Count() {}

  /**
   * The sum of two counts.
   *
   * @param one not negative
   * @param other not negative
   */
  public static long plus(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
