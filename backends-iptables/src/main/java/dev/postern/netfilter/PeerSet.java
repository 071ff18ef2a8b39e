package dev.postern.netfilter;

import dev.postern.net.AddressSet;
import dev.postern.net.Family;

/**
 * Addresses of one family, named by who they are: the name stays when pods come and go.
 *
 * @param family the family of them all
 * @param pods single addresses, which come and go one by one
 * @param ranges other addresses as ranges, none of which holds one of the pods; a set that has any keeps its name only with the same kind
 * @param name the name
 * @param isFew whether rules compare its networks instead of looking it up. Up to {@link #FEW} that takes less time than one look-up. But
 *     where pods are compared in rules, rules change when pods come and go: so few pods are compared only where there are {@link #MANY} sets.
 */
public record PeerSet(
    Family family, AddressSet pods, AddressSet ranges, String name, boolean isFew) {

  /** Up to so many networks are compared one by one. */
  static final int FEW = 4;
  /**
   * From so many sets on, small ones are spared: the kernel and its tools find a set by walking a list of all of them, so that loading many
   * sets takes the square of their number.
   */
  static final int MANY = 2_000;

  /** All of them; neither none nor all of the family. */
  public AddressSet addresses() {
    return ranges.isEmpty() ? pods : pods.union(ranges);
  }

  /** Whether it is a list of single addresses, so that a plain hash finds them. */
  public boolean isSingles() {
    return ranges.isEmpty();
  }

  int members() {
    return pods.each().size() + ranges.cidrs().size();
  }
}
