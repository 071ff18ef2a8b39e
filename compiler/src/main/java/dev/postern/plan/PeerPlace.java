package dev.postern.plan;

import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.selector.Selector;
import java.util.Set;

/**
 * Where a pod of which the address or the node is not known must be for a rule to be about it: at one of these addresses, or on a node
 * that one of these selectors matches.
 *
 * @param addresses where its own address is not known; else empty
 * @param nodes where it is on the host network and its node is not known; else empty
 */
public record PeerPlace(AddressSet addresses, Set<Selector> nodes) {

  public PeerPlace {
    nodes = Set.copyOf(nodes);
  }

  /** Whether a pod at an address, on a node that some selectors match, is there. */
  boolean holds(Address address, Set<Selector> matching) {
    return addresses.contains(address) || nodes.stream().anyMatch(matching::contains);
  }
}
