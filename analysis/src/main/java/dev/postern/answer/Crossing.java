package dev.postern.answer;

import dev.postern.meaning.End;
import dev.postern.net.Protocol;
import java.util.List;

/**
 * What becomes of a connection's two addresses between the client and the pod that it ends at: the destination's on the client's side, the
 * client's on the pod's side.
 *
 * @param translated whether the client's policies may see the pod as the destination
 * @param before what else they may see as the destination: what the client called
 * @param inside whom the pod's policies see where the client is a pod
 * @param outside whom they see where the client has an address of its own outside
 */
record Crossing(boolean translated, List<Called> before, Seen inside, Seen outside) {

  /** The pod's own address, called by the client's own. */
  static final Crossing NONE = new Crossing(true, List.of(), Seen.CLIENT, Seen.CLIENT);

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

  Crossing {
    before = List.copyOf(before);
  }

  /** Whom the pod's policies see of this client. */
  Seen seen(End client) {
    return client instanceof End.Outside ? outside : inside;
  }
}
