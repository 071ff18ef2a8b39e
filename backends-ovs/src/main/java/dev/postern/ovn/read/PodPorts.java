package dev.postern.ovn.read;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which addresses are behind which logical switch port, for databases that do not say it: by the names that pods' ports have.
 *
 * @param byName the addresses of each port
 */
public record PodPorts(Map<String, AddressSet> byName) {

  public static final PodPorts NONE = new PodPorts(Map.of());

  public PodPorts {
    byName = Map.copyOf(byName);
  }

  /** The ports of a cluster's pods; the pattern is a text with {@code {namespace}} and {@code {pod}}. */
  public static PodPorts of(Cluster cluster, String pattern) {
    Map<String, AddressSet> byName = new HashMap<>();
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        if (!workload.hostNetwork()) {
          Collection<Address> addresses = pod.addresses();
          byName.put(
              pattern.replace("{namespace}", workload.namespace()).replace("{pod}", pod.name()),
              AddressSet.ofAddresses(addresses));
        }
      }
    }
    return new PodPorts(byName);
  }

  Optional<AddressSet> addresses(String port) {
    return Optional.ofNullable(byName.get(port));
  }
}
