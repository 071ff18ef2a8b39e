package dev.postern.answer;

import dev.postern.meaning.End;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a connection's two addresses between the client and the pod that it ends at: the destination's on the client's side, the
 * client's on the pod's side.
 *
 * @param translated whether the client's policies may see the pod as the destination
 * @param before what else they may see as the destination: what the client called
 * @param inside whom the pod's policies see where the client is a pod
 * @param outside whom they see where the client has an address of its own outside
 * @param admitted from which addresses the way is open for certain
 * @param alsoPods whether that holds for clients that are pods, too
 * @param locality whether the way leads only to pods on one node
 */
record ServiceTranslation(
    boolean translated,
    List<Called> before,
    Seen inside,
    Seen outside,
    AddressSet admitted,
    boolean alsoPods,
    Locality locality) {

  ServiceTranslation(boolean translated, List<Called> before, Seen inside, Seen outside) {
    this(translated, before, inside, outside, AddressSet.ALL, false, Locality.ANYWHERE);
  }

  // Written out: the JVM links what a record generates at run time, which costs every start.
  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceTranslation way
        && translated == way.translated
        && before.equals(way.before)
        && inside == way.inside
        && outside == way.outside
        && admitted.equals(way.admitted)
        && alsoPods == way.alsoPods
        && locality.equals(way.locality);
  }

  @Override
  public int hashCode() {
    int seen = (before.hashCode() * 31 + inside.ordinal()) * 31 + outside.ordinal();
    return (seen * 31 + admitted.hashCode()) * 31 + locality.hashCode();
  }

  /** The same way, open for certain only from these addresses. */
  ServiceTranslation from(AddressSet addresses, boolean podsToo) {
    return new ServiceTranslation(
        translated, before, inside, outside, addresses, podsToo, locality);
  }

  /** The same way, leading only to pods on one node. */
  ServiceTranslation onlyOn(Locality there) {
    return new ServiceTranslation(translated, before, inside, outside, admitted, alsoPods, there);
  }

  /** Whether the way is open for certain to a client; a range of addresses must be admitted as a whole. */
  boolean admits(End client, Optional<AddressRange> range) {
    if (admitted.equals(AddressSet.ALL)) {
      return true;
    }
    if (client instanceof End.InPod pod) {
      return !alsoPods || pod.address().filter(admitted::contains).isPresent();
    }
    return range.map(all -> admitted.containsAll(AddressSet.of(all))).orElse(false);
  }

  /** The pod's own address, called by the client's own. */
  static final ServiceTranslation NONE =
      new ServiceTranslation(true, List.of(), Seen.CLIENT, Seen.CLIENT);

  /** Whom a pod's policies see as the source. */
  enum Seen {
    CLIENT,
    /** The client, or a node that put its own address in place of the client's. */
    CLIENT_OR_NODE,
    /** A load balancer, whose addresses no manifest says, or a node. */
    ANYONE
  }

  /** An address or name outside that a client called, and the port there. */
  record Called(End end, Protocol protocol, int port) {}

  ServiceTranslation {
    before = List.copyOf(before);
  }

  /** Whether each side sees the other's own address, and nothing else. */
  boolean keepsBoth(End client) {
    return translated && before.isEmpty() && seen(client) == Seen.CLIENT;
  }

  /** Whom the pod's policies see of this client. */
  Seen seen(End client) {
    return client instanceof End.Outside ? outside : inside;
  }
}
