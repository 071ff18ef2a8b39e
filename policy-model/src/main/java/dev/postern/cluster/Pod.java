package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import java.util.List;
import java.util.Optional;

/**
 * A pod that exists: one replica of its workload.
 *
 * @param name its name, unique in its namespace
 * @param node the node it runs on, if it is scheduled
 * @param addresses its addresses: none, one, or one of each family; on the host network the node's
 * @param origin where it was written
 */
public record Pod(String name, Optional<String> node, List<Address> addresses, Origin origin) {
  public Pod {
    addresses = List.copyOf(addresses);
  }
}
