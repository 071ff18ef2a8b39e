package dev.postern.iptables;

/**
 * The bits of the packet mark that our rules may use, for the time of their walk.
 *
 * @param mask the bits, side by side
 */
public record MarkField(int mask) {

  /**
   * The upper half: kube-proxy uses 0x4000 and 0x8000, Cilium 0x0f00. Calico takes the upper half too, but not on a node that we police.
   */
  public static final MarkField DEFAULT = new MarkField(0xFFFF_0000);

  /** @throws IllegalArgumentException if the mask has no bit, or bits that are not side by side */
  public MarkField {
    int shifted = mask == 0 ? 0 : mask >>> Integer.numberOfTrailingZeros(mask);
    if (mask == 0 || (shifted & shifted + 1) != 0) {
      throw new IllegalArgumentException(
          "a mark mask is at least one bit, all side by side: " + hex(mask));
    }
  }

  int bits() {
    return Integer.bitCount(mask);
  }

  /** Whether numbers from 0 to this one fit. */
  boolean holds(int number) {
    return bits() >= 32 - Integer.numberOfLeadingZeros(number);
  }

  int value(int number) {
    return number << Integer.numberOfTrailingZeros(mask);
  }

  static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }
}
