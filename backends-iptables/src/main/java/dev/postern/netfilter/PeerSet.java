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

  /** Whether it is a list of single addresses, so that a plain hash finds them. */
  public boolean isSingles() {
    return addresses.ranges().stream().allMatch(range -> range.first().equals(range.last()));
  }
}
