package dev.postern.netfilter.reader;

import dev.postern.enforced.Condition;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;

/**
 * What rules ask of their node that stands in no rule by itself.
 *
 * @param addresses the node's own; if none are known, rules that ask for local addresses are not understood
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

  /** That the connection's destination was set: it depends on the destination that its first packet had. */
  public Condition isTranslated() {
    Condition known = Condition.any(
        Condition.all(
            new Condition.Not(new Condition.Reply()), new Condition.Destination(translated)),
        Condition.all(new Condition.Reply(), new Condition.Source(translated)));
    return Condition.all(known, new Condition.Unknown("whether the destination was translated"));
  }

  /** That an address is one of the node's own. */
  public Condition isLocal(boolean source, Family family) {
    AddressSet here = addresses.intersect(AddressSet.all(family));
    return addresses.isEmpty()
        ? new Condition.Unknown((source ? "source" : "destination") + " of type local")
        : source ? new Condition.Source(here) : new Condition.Destination(here);
  }
}
