package dev.postern.netfilter.reader;

import dev.postern.enforced.Condition;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.List;

/**
 * What rules ask of their node that stands in no rule by itself.
 *
 * @param addresses the node's own, as far as they are known
 * @param connectionMarks whether some rule of the node may mark connections: else their mark is always 0
 * @param translated the addresses that some rule of the node sets destinations to
 */
public record NodeFacts(AddressSet addresses, boolean connectionMarks, AddressSet translated) {

  /** What is said where a rule asks for the route back to a packet's source. */
  public static final String REVERSE_PATH =
      "rules that ask for a route back to a packet's source are taken to find one: packets come in where their answers leave";

  /** Every address. */
  public static final AddressSet ANYTHING =
      AddressSet.all(Family.IPV4).union(AddressSet.all(Family.IPV6));

  /** Addresses of groups. */
  public static final AddressSet MULTICAST =
      AddressSet.of(Cidr.parse("224.0.0.0/4")).union(AddressSet.of(Cidr.parse("ff00::/8")));

  /** Everybody on a link; the broadcast of a subnet is never forwarded. */
  public static final AddressSet BROADCAST =
      AddressSet.ofAddresses(List.of(Address.parse("255.255.255.255")));

  /** That a packet's source or destination is one of these. */
  public static Condition isAmong(AddressSet addresses, boolean source) {
    return source
        ? new Condition.SourceAddress(addresses)
        : new Condition.DestinationAddress(addresses);
  }

  /** That the connection's destination was set: it depends on the destination that its first packet had. */
  public Condition isTranslated() {
    Condition known = Condition.any(
        Condition.all(
            new Condition.Not(new Condition.Reply()), new Condition.DestinationAddress(translated)),
        Condition.all(new Condition.Reply(), new Condition.SourceAddress(translated)));
    return Condition.all(known, new Condition.Unknown("whether the destination was translated"));
  }

  /**
   * That an address is one of the node's own. Those that are not known need not be: a forwarded packet bears none of them, since the kernel
   * takes packets to them in, sends packets from them out, and drops those that come in from them as martians. What a rule sees before
   * a destination is translated, or after a source is, {@link Translation} makes unknown.
   */
  public Condition isLocal(boolean source, Family family) {
    return isAmong(addresses.intersect(AddressSet.all(family)), source);
  }

  /** That a packet was sent by a socket of some owner: one that is forwarded has none here, one of the node's own may be anybody's. */
  public Condition isOwned() {
    return addresses.isEmpty()
        ? Condition.NEVER
        : Condition.all(isAmong(addresses, true), new Condition.Unknown("who sends it"));
  }

  /** What is said where a rule asks for the node's own addresses. */
  public static String local(AddressSet addresses) {
    return "rules that ask for addresses of type LOCAL are taken to mean "
        + (addresses.isEmpty()
            ? "none: a forwarded packet has no address of its own node, and the manifests name none"
            : addresses + ", what the manifests say of the node");
  }
}
