package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
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
    List<Endpoint> endpoints,
    Origin origin) {

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
   */
  public record Endpoint(Address address, List<EndpointPort> ports, Optional<String> pod) {
    public Endpoint {
      ports = List.copyOf(ports);
    }
  }

  /** A port of an {@link Endpoint}; the name may be empty. */
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
