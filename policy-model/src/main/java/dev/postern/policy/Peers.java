package dev.postern.policy;

import dev.postern.diagnostic.Origin;
import java.util.List;

/** The other ends that a rule admits. */
public sealed interface Peers {

  /** Everyone, inside the cluster and outside: {@code from} or {@code to} missing or empty in a NetworkPolicy. */
  record Everyone() implements Peers {}

  /** Whoever matches at least one of these; nobody if there are none. */
  record AnyOf(List<Peer> peers) implements Peers {
    public AnyOf {
      peers = List.copyOf(peers);
    }
  }

  Peers EVERYONE = new Everyone();

  /** The same with {@link Origin#NONE} everywhere, to compare what was said, wherever it was written. */
  default Peers withoutOrigins() {
    return this instanceof AnyOf some
        ? new AnyOf(
            some.peers().stream().map(peer -> peer.on(WithoutOrigins.OF_PEERS)).toList())
        : this;
  }
}
