package dev.postern.answer;

import dev.postern.answer.ServiceTranslation.Called;
import dev.postern.answer.ServiceTranslation.Seen;
import dev.postern.cluster.Service;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.service.ServiceAddresses;
import dev.postern.service.ServiceProxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * By what a client calls a Service, which decides the ports that are open there and the addresses that policies see. Follows the
 * "Virtual IPs and Service Proxies" page of the Kubernetes documentation and kube-proxy, its reference implementation.
 *
 * @param by what was called
 * @param called the addresses or the name that was called, where policies of the client may see them
 * @param family the family of the address that was called; empty for a name that may stand for both
 * @param nodes the names of the nodes that have the address that was called; empty if none has, or those are several
 * @param fromOutside whether clients come from outside the cluster, to whom node ports are open too
 * @param proxy the choices of what serves Services
 */
record ServiceAccess(
    By by,
    List<End> called,
    Optional<Family> family,
    Set<String> nodes,
    boolean fromOutside,
    ServiceProxy proxy) {

  /** What a client can call. */
  enum By {
    /** The Service's name, or its cluster IP. */
    NAME,
    /** An external IP: each node takes packets to it, so that the client's own node chooses the pod. */
    EXTERNAL_IP,
    /** The address of a load balancer, to which the same applies: each node takes packets to it, so that the client's own node chooses the pod. */
    VIRTUAL_IP,
    /** A load balancer that is a proxy: packets go there first. */
    PROXY,
    /** A node's address: packets may go to that node first. */
    NODE
  }

  ServiceAccess {
    called = List.copyOf(called);
    nodes = Set.copyOf(nodes);
  }

  /** By its name, which stands for its cluster IPs: where they are of one family, so is the way. */
  static ServiceAccess byName(Set<Family> families, boolean fromOutside, ServiceProxy proxy) {
    Optional<Family> only = families.size() == 1 ? families.stream().findFirst() : Optional.empty();
    return new ServiceAccess(By.NAME, List.of(), only, Set.of(), fromOutside, proxy);
  }

  /**
   * By an address or a name of a load balancer.
   *
   * @param nodes the names of the nodes that have the address
   */
  static ServiceAccess by(
      ServiceAddresses.Entry entry, Set<String> nodes, boolean fromOutside, ServiceProxy proxy) {
    Optional<Family> family =
        entry.hostname().isEmpty() ? entry.address().map(Address::family) : Optional.empty();
    return switch (entry.kind()) {
      case CLUSTER_IP ->
        new ServiceAccess(By.NAME, List.of(), family, Set.of(), fromOutside, proxy);
      case EXTERNAL_IP ->
        new ServiceAccess(By.EXTERNAL_IP, List.of(), family, nodes, fromOutside, proxy);
      case LOAD_BALANCER, REQUESTED ->
        new ServiceAccess(
            By.VIRTUAL_IP, List.of(front(entry)), family, Set.of(), fromOutside, proxy);
      case LOAD_BALANCER_PROXY ->
        new ServiceAccess(By.PROXY, List.of(front(entry)), family, Set.of(), fromOutside, proxy);
    };
  }

  private static End front(ServiceAddresses.Entry entry) {
    return entry.hostname().isEmpty()
        ? new End.Outside(entry.address().orElseThrow())
        : new End.DomainName(entry.hostname());
  }

  /**
   * By the addresses of nodes, all of one family.
   *
   * @param names the name of the node if all are of one
   */
  static ServiceAccess byNodes(
      List<Address> nodes, Set<String> names, boolean fromOutside, ServiceProxy proxy) {
    return new ServiceAccess(
        By.NODE,
        nodes.stream().<End>map(End.Outside::new).toList(),
        Optional.of(nodes.get(0).family()),
        names,
        fromOutside,
        proxy);
  }

  /** Whether nobody but the Service answers there. */
  boolean ownsAddress() {
    return by == By.NAME;
  }

  /** What leads to a port of a Service here. */
  Traffic doors(Service.Port port) {
    Traffic own = Traffic.of(port.protocol(), PortSet.of(port.port()));
    Traffic onNodes = port.nodePort().isPresent()
        ? Traffic.of(port.protocol(), PortSet.of(port.nodePort().getAsInt()))
        : Traffic.NONE;
    return switch (by) {
      case NODE -> onNodes;
      case NAME -> fromOutside ? own.union(onNodes) : own;
      case EXTERNAL_IP, VIRTUAL_IP, PROXY -> own;
    };
  }

  /** What of it leads pods to the port. */
  Traffic doorsInside(Service.Port port) {
    return by == By.NAME ? Traffic.of(port.protocol(), PortSet.of(port.port())) : doors(port);
  }

  /** {@code tcp/80}, or the node port. */
  String door(Service.Port port) {
    return by == By.NODE ? "node port " + doors(port) : port.protocol().word() + "/" + port.port();
  }

  /**
   * What becomes of addresses on the way to a port of a Service.
   *
   * @param somebodyThere whether a pod behind the port is known to be on the node that is called
   */
  ServiceTranslation crossing(Service service, Service.Port port, boolean somebodyThere) {
    ServiceTranslation crossing = translation(service, port);
    List<Cidr> ranges = service.exposure().sourceRanges();
    boolean byLoadBalancer = by == By.VIRTUAL_IP || by == By.PROXY;
    if (service.type() == Service.Type.LOAD_BALANCER
        && !ranges.isEmpty()
        && (byLoadBalancer || (by == By.NAME && fromOutside))) {
      AddressSet admitted = new AddressSet(ranges.stream().map(Cidr::range).toList());
      crossing = crossing.from(admitted, byLoadBalancer);
    }
    return crossing.onlyOn(locality(service, somebodyThere));
  }

  private Locality locality(Service service, boolean somebodyThere) {
    if (isLocalToNode(service)) {
      return new Locality.CalledNode(nodes, somebodyThere, by == By.NODE);
    }
    return service.exposure().internalTrafficLocal() && by == By.NAME
        ? Locality.CLIENTS_NODE
        : Locality.ANYWHERE;
  }

  /** Whether a node is called that leads what comes from elsewhere only to its own pods. */
  boolean isLocalToNode(Service service) {
    return service.localTrafficOnly()
        && !nodes.isEmpty()
        && (by == By.NODE || by == By.EXTERNAL_IP);
  }

  private ServiceTranslation translation(Service service, Service.Port port) {
    Seen inside = service.localTrafficOnly() ? Seen.CLIENT : Seen.CLIENT_OR_NODE;
    Seen outside = proxy.keepsClients() ? Seen.CLIENT : inside;
    return switch (by) {
      case NAME -> {
        boolean exposed = service.type() == Service.Type.NODE_PORT
            || service.type() == Service.Type.LOAD_BALANCER
            || !service.exposure().externalIps().isEmpty();
        boolean proxied = service.exposure().loadBalancers().stream()
            .anyMatch(front -> front.proxy() || front.address().isEmpty());
        yield exposed
            ? new ServiceTranslation(true, List.of(), Seen.CLIENT, proxied ? Seen.ANYONE : outside)
            : ServiceTranslation.NONE;
      }
      case EXTERNAL_IP -> new ServiceTranslation(true, List.of(), inside, outside);
      case VIRTUAL_IP ->
        proxy.shortCutsLoadBalancers()
            ? new ServiceTranslation(true, List.of(), inside, outside)
            : new ServiceTranslation(false, called(port, port.port()), Seen.ANYONE, outside);
      case PROXY ->
        new ServiceTranslation(false, called(port, port.port()), Seen.ANYONE, Seen.ANYONE);
      case NODE ->
        new ServiceTranslation(
            true, called(port, port.nodePort().orElseThrow()), Seen.CLIENT_OR_NODE, outside);
    };
  }

  private List<Called> called(Service.Port port, int number) {
    return called.stream().map(end -> new Called(end, port.protocol(), number)).toList();
  }
}
