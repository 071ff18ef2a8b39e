package dev.postern.testing;

import dev.postern.cluster.Entrance;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.ServiceFamilies;
import dev.postern.cluster.ServiceFamilies.FurtherFamilies;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Services of every type and form, and ways in through them.
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
          dice.pick(aliases()),
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
    boolean selects = dice.percent(80);
    Optional<Selector> selector =
        selects ? Optional.of(RandomSelectors.PODS.equalities(dice)) : Optional.empty();
    boolean local = open && dice.percent(50);
    List<Service.SliceEndpoint> endpoints = selects ? List.of() : endpoints(ports, dice);
    Service.ExternalAccess exposure = headless
        ? Service.ExternalAccess.NONE
        : exposure(index, type, new SeededRandom(dice.seed()));
    List<Address> clusterIps = headless || dice.percent(20) ? List.of() : clusterIps(index, dice);
    ServiceFamilies families = headless && !selects
        ? new ServiceFamilies(Set.of(), FurtherFamilies.AS_LISTED)
        : clusterIps.isEmpty() ? families(dice) : ServiceFamilies.ofClusterIps(clusterIps);
    return new Service(
        namespace,
        name,
        type,
        clusterIps,
        headless,
        selector,
        ports,
        "",
        local,
        endpoints,
        exposure,
        families,
        Origin.NONE);
  }

  /** One of each family, or of one family alone. */
  private List<Address> clusterIps(int index, SeededRandom dice) {
    List<Family> families =
        dice.percent(75) ? profile.familyList() : List.of(dice.pick(profile.familyList()));
    return families.stream()
        .map(family -> RandomAddresses.service(family, index))
        .toList();
  }

  /** What a Service without cluster IPs says of its families: nothing, one, or both. */
  private ServiceFamilies families(SeededRandom dice) {
    Set<Family> named =
        dice.percent(60) ? Set.of(dice.pick(profile.familyList())) : Set.<Family>of();
    boolean dual = profile.families().size() > 1;
    return new ServiceFamilies(
        named,
        dice.pick(List.of(
            FurtherFamilies.ONE,
            FurtherFamilies.ALL_THERE_ARE,
            dual ? FurtherFamilies.BOTH : FurtherFamilies.ONE)));
  }

  /** What an ExternalName may stand for: a host outside, a load balancer, Services that may be there, itself among them. */
  private List<String> aliases() {
    String place = inventory.places().get(0);
    return List.of(
        "db.example.com",
        "LB0.example.com",
        "s0." + place + ".svc.cluster.local",
        "s1." + place + ".svc.cluster.local.");
  }

  /** The host name of a pod, of some pods only. */
  static Optional<Pod.Hostname> hostname(int workload, int pod) {
    return (workload + pod) % 3 == 0
        ? Optional.of(new Pod.Hostname("h" + pod, "s" + workload % 3))
        : Optional.empty();
  }

  private Service.ExternalAccess exposure(int index, Service.Type type, SeededRandom dice) {
    boolean balanced = type == Service.Type.LOAD_BALANCER;
    List<Service.LoadBalancer> fronts = new ArrayList<>();
    if (balanced && dice.percent(70)) {
      for (Address address : dice.some(dice.between(0, 2), fronts(index))) {
        fronts.add(new Service.LoadBalancer(Optional.of(address), "", dice.percent(40)));
      }
      if (dice.percent(60)) {
        fronts.add(new Service.LoadBalancer(
            Optional.empty(), "lb" + dice.between(0, 1) + ".example.com", false));
      }
    }
    List<Address> external = new ArrayList<>(dice.some(dice.pick(0, 0, 1, 2), fronts(index)));
    inventory.nodes.stream()
        .flatMap(node -> node.addresses().stream())
        .filter(address -> dice.percent(10))
        .forEach(external::add);
    return new Service.ExternalAccess(
        external,
        fronts,
        balanced && dice.percent(20) ? Optional.of(dice.pick(fronts(index))) : Optional.empty(),
        balanced && dice.percent(30) ? OptionalInt.of(32000 + index) : OptionalInt.empty(),
        dice.percent(20),
        balanced && dice.percent(30)
            ? List.of(new RandomAddresses(profile.familyList()).cidr(dice, known))
            : List.of());
  }

  /** Addresses that Services share, so that policies know them too, and one of each family of this Service's own. */
  private List<Address> fronts(int index) {
    List<Address> fronts = new ArrayList<>();
    RandomAddresses.OUTSIDE.stream()
        .filter(address -> profile.families().contains(address.family()))
        .limit(3)
        .forEach(fronts::add);
    profile.familyList().forEach(family -> fronts.add(RandomAddresses.front(family, index)));
    return fronts;
  }

  /** What EndpointSlices list for a Service that selects nothing: up to two addresses, each with a target for some of the ports. */
  private List<Service.SliceEndpoint> endpoints(List<Service.Port> ports, SeededRandom dice) {
    List<Service.SliceEndpoint> endpoints = new ArrayList<>();
    for (Address address : dice.some(dice.between(0, 2), candidates())) {
      List<Service.EndpointPort> targets = new ArrayList<>();
      for (Service.Port port : ports) {
        if (dice.percent(80)) {
          targets.add(new Service.EndpointPort(
              port.name(), port.protocol(), dice.pick(RandomInventory.PORT_NUMBERS)));
        }
      }
      endpoints.add(new Service.SliceEndpoint(address, targets, Optional.empty()));
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
    Entrance.BackendReference backend = new Entrance.BackendReference(
        service.namespace(), service.name(), OptionalInt.of(port.port()), "");
    return new Entrance(
        "Ingress",
        service.namespace(),
        "i" + index,
        List.of("shop.example.com"),
        List.of(backend),
        Origin.NONE);
  }
}
