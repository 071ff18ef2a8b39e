package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.selector.Labels;
import java.util.Collection;
import java.util.List;

/**
 * A node.
 *
 * @param name its name
 * @param labels its labels
 * @param addresses its internal and external IP addresses
 * @param agentAddresses the addresses that Cilium's agent says its node has (its {@code CiliumNode}): also those of its router, its health check
 *     and its ingress proxy. Policies are not about them; only the agent's own maps are held to them
 * @param origin where it was written
 */
public record Node(
    String name,
    Labels labels,
    List<Address> addresses,
    List<Address> agentAddresses,
    Origin origin) {
  public Node {
    addresses = List.copyOf(addresses);
    agentAddresses = List.copyOf(agentAddresses);
  }

  /** A node of which no agent says anything. */
  public Node(String name, Labels labels, List<Address> addresses, Origin origin) {
    this(name, labels, addresses, List.of(), origin);
  }

  /** The same node, of which its agent says these. */
  public Node withAgentAddresses(Collection<Address> others) {
    return new Node(name, labels, addresses, List.copyOf(others), origin);
  }
}
