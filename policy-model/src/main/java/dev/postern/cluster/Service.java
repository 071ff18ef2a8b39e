package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Protocol;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A Service: a name and address in front of pods. Policies never see it, only the pods behind it.
 *
 * @param namespace its namespace
 * @param name its name
 * @param type how it is reached
 * @param clusterIps its addresses; empty if headless or not yet assigned
 * @param headless whether its name stands for the pods' own addresses
 * @param selector the pods behind it; empty if {@code endpoints} say it
 * @param ports its ports
 * @param externalName the DNS name of type ExternalName; else empty
 * @param localTrafficOnly whether {@code externalTrafficPolicy} is Local, so that the client's address is kept
 * @param endpoints what Endpoints and EndpointSlices say is behind it
 * @param exposure where else it is reached than at its cluster IPs and node ports
 * @param families of which families its addresses are
 * @param origin where it was written
 */
public record Service(
    String namespace,
    String name,
    Type type,
    List<Address> clusterIps,
    boolean headless,
    Optional<Selector> selector,
    List<Port> ports,
    String externalName,
    boolean localTrafficOnly,
    List<SliceEndpoint> endpoints,
    ExternalAccess exposure,
    ServiceFamilies families,
    Origin origin) {

  /** A Service that is reached at its cluster IPs and node ports only; of their families, or of all if it has no cluster IPs. */
  public Service(
      String namespace,
      String name,
      Type type,
      List<Address> clusterIps,
      boolean headless,
      Optional<Selector> selector,
      List<Port> ports,
      String externalName,
      boolean localTrafficOnly,
      List<SliceEndpoint> endpoints,
      Origin origin) {
    this(
        namespace,
        name,
        type,
        clusterIps,
        headless,
        selector,
        ports,
        externalName,
        localTrafficOnly,
        endpoints,
        ExternalAccess.NONE,
        ServiceFamilies.ofClusterIps(clusterIps),
        origin);
  }

  /** The same Service with other endpoints. */
  public Service withEndpoints(List<SliceEndpoint> others) {
    return new Service(
        namespace,
        name,
        type,
        clusterIps,
        headless,
        selector,
        ports,
        externalName,
        localTrafficOnly,
        others,
        exposure,
        families,
        origin);
  }

  /** The same Service with addresses of other families. */
  public Service withFamilies(ServiceFamilies others) {
    return new Service(
        namespace,
        name,
        type,
        clusterIps,
        headless,
        selector,
        ports,
        externalName,
        localTrafficOnly,
        endpoints,
        exposure,
        others,
        origin);
  }

  /**
   * The same Service as written elsewhere.
   *
   * @param other the place
   */
  public Service withOrigin(Origin other) {
    return new Service(
        namespace,
        name,
        type,
        clusterIps,
        headless,
        selector,
        ports,
        externalName,
        localTrafficOnly,
        endpoints,
        exposure,
        families,
        other);
  }

  /**
   * Where else than at its cluster IPs and node ports a Service is reached, and which of its pods are.
   *
   * @param externalIps {@code spec.externalIPs}: nodes take packets to them for the Service
   * @param loadBalancers {@code status.loadBalancer.ingress}: what stands in front of it
   * @param requestedIp {@code spec.loadBalancerIP}: the address that was asked for; whether it was given, only the status says
   * @param healthCheckNodePort {@code spec.healthCheckNodePort}: a port of every node, which the node itself answers
   * @param internalTrafficLocal whether {@code spec.internalTrafficPolicy} is Local, so that a pod reaches only those on its own node
   * @param sourceRanges {@code spec.loadBalancerSourceRanges}, or the annotation that cloud providers read in its place: from where the load
   *     balancer takes packets, if it heeds them; empty for everywhere
   */
  public record ExternalAccess(
      List<Address> externalIps,
      List<LoadBalancer> loadBalancers,
      Optional<Address> requestedIp,
      OptionalInt healthCheckNodePort,
      boolean internalTrafficLocal,
      List<Cidr> sourceRanges) {

    /** Nowhere else. */
    public static final ExternalAccess NONE = new ExternalAccess(
        List.of(), List.of(), Optional.empty(), OptionalInt.empty(), false, List.of());

    public ExternalAccess {
      externalIps = List.copyOf(externalIps);
      loadBalancers = List.copyOf(loadBalancers);
      sourceRanges = List.copyOf(sourceRanges);
    }
  }

  /**
   * A load balancer in front of a Service.
   *
   * @param address its address, if it has one
   * @param hostname its DNS name, in lower case; empty if it has none
   * @param proxy whether nodes leave packets to its address alone ({@code ipMode: Proxy}), so that they go by the load balancer itself
   */
  public record LoadBalancer(Optional<Address> address, String hostname, boolean proxy) {}

  /** {@code spec.type}. */
  public enum Type {
    CLUSTER_IP,
    NODE_PORT,
    LOAD_BALANCER,
    EXTERNAL_NAME
  }

  /**
   * A Service's port.
   *
   * @param name its name; empty if it has none
   * @param protocol its protocol
   * @param port what clients connect to, 1..65535
   * @param target where it leads on the pod
   * @param nodePort the port on every node, if there is one
   */
  public record Port(
      String name, Protocol protocol, int port, Target target, OptionalInt nodePort) {}

  /** {@code targetPort}. */
  public sealed interface Target {
    record Number(int port) implements Target {}

    /** A container port's name, looked up on each pod. */
    record Named(String name) implements Target {}
  }

  /**
   * A backend that an Endpoints or EndpointSlice object lists.
   *
   * @param address where it is
   * @param ports its ports; a name matches the Service port's name
   * @param pod the pod it names ({@code targetRef}), in the Service's namespace, if any
   * @param hostname the first label of its DNS name behind a headless Service, in lower case; empty if it has none
   */
  public record SliceEndpoint(
      Address address, List<EndpointPort> ports, Optional<String> pod, String hostname) {
    public SliceEndpoint {
      ports = List.copyOf(ports);
    }

    /** An endpoint without a host name. */
    public SliceEndpoint(Address address, List<EndpointPort> ports, Optional<String> pod) {
      this(address, ports, pod, "");
    }
  }

  /** A port of a {@link SliceEndpoint}; the name may be empty. */
  public record EndpointPort(String name, Protocol protocol, int port) {}

  public Service {
    clusterIps = List.copyOf(clusterIps);
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
  }

  /** {@code namespace/name}. */
  public String id() {
    return namespace + "/" + name;
  }
}
