package dev.postern.policy;

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
}
