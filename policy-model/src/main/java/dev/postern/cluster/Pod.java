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
 * @param hostname what it is called by behind a headless Service, if it says so
 * @param origin where it was written
 */
public record Pod(
    String name,
    Optional<String> node,
    List<Address> addresses,
    Optional<Hostname> hostname,
    Origin origin) {

  /**
   * {@code spec.hostname} and {@code spec.subdomain}: the pod is {@code name.subdomain.namespace.svc} where {@code subdomain} is the name of
   * a headless Service in front of it.
   *
   * @param name the first label of its DNS name; empty if only the subdomain is given
   * @param subdomain the Service's name; empty if only the host name is given, which then is in no DNS
   */
  public record Hostname(String name, String subdomain) {}

  public Pod {
    addresses = List.copyOf(addresses);
  }

  /** A pod that says nothing of its host name. */
  public Pod(String name, Optional<String> node, List<Address> addresses, Origin origin) {
    this(name, node, addresses, Optional.empty(), origin);
  }

  /** The same pod on another node, or on none that is known. */
  public Pod onNode(Optional<String> other) {
    return new Pod(name, other, addresses, hostname, origin);
  }
}
