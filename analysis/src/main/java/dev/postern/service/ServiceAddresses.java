package dev.postern.service;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Service;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which addresses and names lead to the Services of a cluster, beside the Services' own names. An address of a family that a Service does
 * not have does not lead there: kube-proxy serves each family apart. Immutable once made, and safe for use by several threads.
 */
public final class ServiceAddresses {

  /** How a Service came to an address. */
  public enum Kind {
    /** {@code spec.clusterIPs}. */
    CLUSTER_IP,
    /** {@code spec.externalIPs}: nodes take packets to it for the Service. */
    EXTERNAL_IP,
    /** {@code status.loadBalancer.ingress}: nodes take packets to it for the Service as well. */
    LOAD_BALANCER,
    /** A load balancer that packets go by first: with {@code ipMode: Proxy}, or known by its DNS name only. */
    LOAD_BALANCER_PROXY,
    /** {@code spec.loadBalancerIP}, while no status says that it was given. */
    REQUESTED
  }

  /**
   * An address or name of a Service.
   *
   * @param kind how the Service came to it
   * @param service the Service
   * @param address the address; empty for a name
   * @param hostname the name; empty for an address
   */
  public record Entry(Kind kind, Service service, Optional<Address> address, String hostname) {}

  private final TreeMap<Address, List<Entry>> byAddress = new TreeMap<>();
  private final Map<String, List<Entry>> byHostname = new HashMap<>();
  private final List<Service> onNodes = new ArrayList<>();

  private final FamiliesOfServices families;

  private ServiceAddresses(Cluster cluster) {
    this.families = FamiliesOfServices.of(cluster);
    for (Service service : cluster.services()) {
      if (service.type() == Service.Type.EXTERNAL_NAME || service.headless()) {
        continue;
      }
      service.clusterIps().forEach(address -> add(Kind.CLUSTER_IP, service, address));
      service.exposure().externalIps().forEach(address -> add(Kind.EXTERNAL_IP, service, address));
      if (service.type() == Service.Type.LOAD_BALANCER) {
        loadBalancers(service);
      }
      if (service.type() != Service.Type.CLUSTER_IP
          && service.ports().stream().anyMatch(port -> port.nodePort().isPresent())) {
        onNodes.add(service);
      }
    }
  }

  /** The addresses of a cluster's Services. */
  public static ServiceAddresses of(Cluster cluster) {
    return new ServiceAddresses(cluster);
  }

  private void loadBalancers(Service service) {
    for (Service.LoadBalancer front : service.exposure().loadBalancers()) {
      front
          .address()
          .ifPresent(address ->
              add(front.proxy() ? Kind.LOAD_BALANCER_PROXY : Kind.LOAD_BALANCER, service, address));
      if (!front.hostname().isEmpty()) {
        byHostname
            .computeIfAbsent(front.hostname(), name -> new ArrayList<>(1))
            .add(new Entry(Kind.LOAD_BALANCER_PROXY, service, front.address(), front.hostname()));
      }
    }
    if (service.exposure().loadBalancers().isEmpty()) {
      service.exposure().requestedIp().ifPresent(address -> add(Kind.REQUESTED, service, address));
    }
  }

  private void add(Kind kind, Service service, Address address) {
    if (!families.of(service).contains(address.family())) {
      return;
    }
    byAddress
        .computeIfAbsent(address, a -> new ArrayList<>(1))
        .add(new Entry(kind, service, Optional.of(address), ""));
  }

  /** The Services behind these addresses, by address. */
  public List<Entry> in(AddressSet addresses) {
    return byAddress.entrySet().stream()
        .filter(entry -> addresses.contains(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  /** All addresses that lead to Services. */
  public AddressSet all() {
    return AddressSet.ofAddresses(byAddress.keySet());
  }

  /** The Services behind a load balancer of this DNS name, in whatever case. */
  public List<Entry> named(String hostname) {
    return byHostname.getOrDefault(hostname.toLowerCase(Locale.ROOT), List.of());
  }

  /** The Services that have node ports, which every node takes packets to at its addresses of the Service's families. */
  public List<Service> onNodes() {
    return List.copyOf(onNodes);
  }

  /** The families of the addresses of Services. */
  public FamiliesOfServices families() {
    return families;
  }
}
