package dev.postern.netfilter;

import dev.postern.net.AddressSet;
import dev.postern.net.Family;

/**
 * Addresses of one family, named by their content.
 *
 * @param family the family of them all
 * @param addresses the addresses; neither none nor all of the family
 * @param name the content name
 */
public record PeerSet(Family family, AddressSet addresses, String name) {

  /** Up to so many networks are compared one by one, which takes less time than one look-up and leaves the kernel fewer sets. */
  static final int FEW = 4;

  /**
   * Whether rules compare its networks instead of looking it up. The kernel and its tools find a set by walking a list of all of them, so
   * that loading many sets takes the square of their number.
   */
  public boolean isFew() {
    return addresses.cidrs().size() <= FEW;
  }

  /** Whether it is a list of single addresses, so that a plain hash finds them. */
  public boolean isSingles() {
    return addresses.ranges().stream().allMatch(range -> range.first().equals(range.last()));
  }
}
