package dev.postern.policy;

import dev.postern.diagnostic.Origin;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.List;

/**
 * One rule of a policy: what to do with traffic between the subject and these peers.
 *
 * @param direction the side of the subject
 * @param index its place among the policy's rules of that direction, from 0
 * @param name an admin rule's name; empty if it has none
 * @param action what it does; always {@link Action#ALLOW} in a NetworkPolicy
 * @param peers the other ends
 * @param ports the traffic
 * @param origin where it was written
 */
public record PolicyRule(
    Direction direction,
    int index,
    String name,
    Action action,
    Peers peers,
    Ports ports,
    Origin origin) {

  /** {@code ingress[0]}, as the manifest addresses it. */
  public String field() {
    return direction.field() + "[" + index + "]";
  }

  /** The addresses that its peers name, all blocks and networks together; none of a rule for everyone. */
  public AddressSet blocks() {
    if (!(peers instanceof Peers.AnyOf any)) {
      return AddressSet.EMPTY;
    }
    List<AddressRange> ranges = new ArrayList<>();
    for (Peer peer : any.peers()) {
      if (peer instanceof Peer.IpBlock block) {
        ranges.addAll(block.addresses().ranges());
      } else if (peer instanceof Peer.Networks networks) {
        ranges.addAll(networks.addresses().ranges());
      }
    }
    return new AddressSet(ranges);
  }

  /** Whether one of the peers is of a form that was not understood, as a newer release of an API may have it. */
  public boolean hasUnknownPeer() {
    return peers instanceof Peers.AnyOf any
        && any.peers().stream().anyMatch(Peer.Unknown.class::isInstance);
  }
}
