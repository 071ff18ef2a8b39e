package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.selector.Labels;
import java.util.List;

/**
 * A node.
 *
 * @param name its name
 * @param labels its labels
 * @param addresses its internal and external IP addresses
 * @param origin where it was written
 */
public record Node(String name, Labels labels, List<Address> addresses, Origin origin) {
  public Node {
    addresses = List.copyOf(addresses);
  }
}
