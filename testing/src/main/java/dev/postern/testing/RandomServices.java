package dev.postern.testing;

import dev.postern.cluster.Entrance;
import dev.postern.cluster.Service;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Services of every type, and ways in through them.
 *
 * @param known addresses that endpoints may lead to, beside those outside
 */
record RandomServices(Profile profile, RandomInventory inventory, List<Address> known) {

  private static final List<Service.Type> TYPES = List.of(
      Service.Type.CLUSTER_IP,
      Service.Type.CLUSTER_IP,
      Service.Type.NODE_PORT,
      Service.Type.LOAD_BALANCER);

  Service service(int index, SeededRandom dice) {
    String name = "s" + index;
    String namespace = dice.pick(inventory.places());
    if (dice.percent(10)) {
      return new Service(
          namespace,
          name,
          Service.Type.EXTERNAL_NAME,
          List.of(),
          false,
          Optional.empty(),
          List.of(),
          "db.example.com",
          false,
          List.of(),
          Origin.NONE);
    }
    Service.Type type = dice.pick(TYPES);
    boolean headless = type == Service.Type.CLUSTER_IP && dice.percent(25);
    boolean open = type != Service.Type.CLUSTER_IP;
    List<Service.Port> ports = new ArrayList<>();
    for (int i = dice.between(1, 2); i > 0; i--) {
      Service.Target target = dice.percent(40)
          ? new Service.Target.Named(dice.pick(RandomInventory.PORT_NAMES))
          : new Service.Target.Number(dice.pick(RandomInventory.PORT_NUMBERS));
      OptionalInt nodePort = open ? OptionalInt.of(30000 + 10 * index + i) : OptionalInt.empty();
      ports.add(new Service.Port("p" + i, inventory.protocol(dice), 1000 + i, target, nodePort));
    }
    List<Address> clusterIps = headless
        ? List.of()
        : profile.familyList().stream()
            .map(family -> RandomAddresses.service(family, index))
            .toList();
    boolean selects = dice.percent(80);
    Optional<Selector> selector =
        selects ? Optional.of(RandomSelectors.PODS.equalities(dice)) : Optional.empty();
    return new Service(
        namespace,
        name,
        type,
        clusterIps,
        headless,
        selector,
        ports,
        "",
        open && dice.percent(50),
        selects ? List.of() : endpoints(ports, dice),
        Origin.NONE);
  }

  /** What EndpointSlices list for a Service that selects nothing: up to two addresses, each with a target for some of the ports. */
  private List<Service.Endpoint> endpoints(List<Service.Port> ports, SeededRandom dice) {
    List<Service.Endpoint> endpoints = new ArrayList<>();
    for (Address address : dice.some(dice.between(0, 2), candidates())) {
      List<Service.EndpointPort> targets = new ArrayList<>();
      for (Service.Port port : ports) {
        if (dice.percent(80)) {
          targets.add(new Service.EndpointPort(
              port.name(), port.protocol(), dice.pick(RandomInventory.PORT_NUMBERS)));
        }
      }
      endpoints.add(new Service.Endpoint(address, targets, Optional.empty()));
    }
    return endpoints;
  }

  private List<Address> candidates() {
    List<Address> candidates = new ArrayList<>(known);
    RandomAddresses.OUTSIDE.stream()
        .filter(address -> profile.families().contains(address.family()))
        .forEach(candidates::add);
    return candidates;
  }

  Entrance entrance(int index, Service service) {
    Service.Port port = service.ports().get(0);
    Entrance.Backend backend =
        new Entrance.Backend(service.namespace(), service.name(), OptionalInt.of(port.port()), "");
    return new Entrance(
        "Ingress",
        service.namespace(),
        "i" + index,
        List.of("shop.example.com"),
        List.of(backend),
        Origin.NONE);
  }
}
