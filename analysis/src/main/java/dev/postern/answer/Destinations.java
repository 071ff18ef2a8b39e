package dev.postern.answer;

import dev.postern.cluster.Service;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.question.Asked;
import dev.postern.question.BadSentence;
import dev.postern.question.Party;
import dev.postern.service.ClusterNames.Meaning;
import dev.postern.service.ServiceAddresses;
import dev.postern.service.ServiceAddresses.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where the destination of a sentence lies: the pods and addresses, and the ways through Services that lead there. */
final class Destinations {

  /** A name of a name of a name; more is a circle. */
  private static final int ALIASES = 8;

  /** Four numbers: what names of type ExternalName look like an IPv4 address; others are no names. */
  private static final Pattern DIGITS = Pattern.compile("[0-9]+(\\.[0-9]+){3}\\.?");

  private final Directory directory;
  private final PartyResolver parties;
  private final String sentence;
  private final Asked asked;
  private final boolean fromOutside;
  private final boolean onlyFromOutside;
  private final PortNames portNames;
  private final List<Destination> targets = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<Service> ofOpenFamily = new LinkedHashSet<>();

  /**
   * Destinations of a sentence.
   *
   * @param fromOutside whether clients come from outside the cluster
   * @param onlyFromOutside whether all of them do
   */
  Destinations(
      Directory directory,
      PartyResolver parties,
      String sentence,
      Asked asked,
      boolean fromOutside,
      boolean onlyFromOutside) {
    this.directory = directory;
    this.parties = parties;
    this.sentence = sentence;
    this.asked = asked;
    this.fromOutside = fromOutside;
    this.onlyFromOutside = onlyFromOutside;
    this.portNames = new PortNames(sentence, asked.names());
  }

  List<Destination> targets() {
    return List.copyOf(targets);
  }

  Set<String> notes() {
    Set<String> all = new LinkedHashSet<>(notes);
    all.addAll(portNames.notes());
    return all;
  }

  /**
   * Finds what a party means.
   *
   * @throws BadSentence if it, or a port's name, is not there
   */
  void add(Party party) {
    find(party);
    portNames.check();
  }

  private void find(Party party) {
    if (party instanceof Party.ServiceNamed named) {
      service(parties.service(named), Optional.empty(), asked, 0);
    } else if (party instanceof Party.Addresses named) {
      addresses(named.addresses());
    } else if (party instanceof Party.DomainNamed named) {
      name(named);
    } else if (party instanceof Party.Nodes nodes) {
      addresses(parties.nodeAddresses(nodes));
    } else if (party instanceof Party.ApiServer server) {
      service(parties.apiServerService(server), Optional.empty(), asked, 0);
    } else {
      parties.sites(party).forEach(site -> target(site, asked.traffic()));
    }
  }

  /** Takes a site, if any of the traffic is meant there. */
  private void target(Site site, Traffic numbers) {
    Traffic there = portNames.at(site, numbers);
    if (!there.isEmpty()) {
      targets.add(Destination.of(site, there));
    }
  }

  private void name(Party.DomainNamed named) {
    Meaning meaning = directory.names().meaning(named.name());
    if (meaning instanceof Meaning.Missing missing) {
      Optional<BadSentence> left =
          new LeftOutObjects(directory.cluster(), sentence).serviceOf(named.name(), named.span());
      if (left.isPresent()) {
        throw left.get();
      }
      throw new BadSentence(sentence, named.span(), missing.problem(), missing.hint());
    }
    meant(meaning, asked, 0);
  }

  private void meant(Meaning meaning, Asked what, int aliases) {
    if (meaning instanceof Meaning.OfService of) {
      service(of.service(), of.port(), what, aliases);
    } else if (meaning instanceof Meaning.OfPods of) {
      openFamily(of.service());
      Set<Family> families = directory.familiesOfServices().of(of.service());
      of.pods().stream()
          .map(behind -> behind
              .pod()
              .map(pod -> directory.site(behind.workload(), pod))
              .orElseGet(() -> directory.site(behind.workload())))
          .map(site -> site.in(families))
          .filter(site -> !site.cells().isEmpty())
          .forEach(site -> target(site, what.traffic()));
    } else if (meaning instanceof Meaning.OfAddress of) {
      addresses(AddressSet.ofAddresses(List.of(of.address())));
    } else if (meaning instanceof Meaning.Outside outside) {
      outside(outside, what);
    } else {
      notes.add(((Meaning.Missing) meaning).problem());
    }
  }

  /** A name of one port of a Service is a question about that port. */
  private static Asked only(Service.Port port, Asked asked) {
    Traffic traffic = Traffic.of(port.protocol(), PortSet.of(port.port()));
    return asked.explicit() ? asked : new Asked(traffic, true, asked.existential());
  }

  private void outside(Meaning.Outside outside, Asked what) {
    List<Entry> fronts = directory.serviceAddresses().named(outside.name());
    if (fronts.isEmpty()) {
      outside.note().ifPresent(notes::add);
      target(Outsiders.domainName(outside.name()), what.traffic());
      return;
    }
    notes.add(outside.name() + " is the name of a load balancer");
    leftOver(fronts, what)
        .ifPresent(rest -> targets.add(Destination.of(Outsiders.domainName(outside.name()), rest)));
  }

  private void service(Service service, Optional<Service.Port> port, Asked what, int aliases) {
    Asked there = port.map(one -> only(one, what)).orElse(what);
    if (service.type() == Service.Type.EXTERNAL_NAME) {
      alias(service, there, aliases);
      return;
    }
    Set<Family> families = directory.familiesOfServices().of(service);
    ServiceAccess way = ServiceAccess.byName(families, fromOutside, directory.proxy());
    if (service.headless()) {
      headless(service, port, what, way);
    } else {
      take(service, there, way);
    }
  }

  /** The pods behind a headless Service: at the ports that the question says in numbers, and where those that it means otherwise lead to. */
  private void headless(
      Service service, Optional<Service.Port> port, Asked what, ServiceAccess way) {
    List<Service.Port> listed = !what.names().isEmpty()
        ? portNames.of(service)
        : what.explicit() ? List.of() : port.map(List::of).orElse(service.ports());
    boolean numbers = what.explicit() || listed.isEmpty();
    take(
        new ServiceRoutes(
            directory,
            service,
            new Asked(numbers ? what.traffic() : Traffic.NONE, what.explicit(), what.existential()),
            way,
            listed),
        service,
        way);
  }

  private void alias(Service service, Asked what, int aliases) {
    if (aliases == ALIASES) {
      notes.add("service " + service.id() + " is another name of itself");
      return;
    }
    String other = service.externalName();
    if (DIGITS.matcher(other).matches()) {
      notes.add(
          "service " + service.id() + " leads nowhere: its externalName " + other
              + " is a DNS name made of digits, which DNS servers do not resolve, and not that address");
      return;
    }
    Meaning meaning = directory.names().meaning(other.endsWith(".") ? other : other + ".");
    notes.add("service " + service.id() + " is another name of " + other
        + (meaning instanceof Meaning.Outside ? ", which lies outside the cluster" : ""));
    meant(meaning, what, aliases + 1);
  }

  private Traffic take(Service service, Asked what, ServiceAccess way) {
    Asked there = portNames.at(service, way, what);
    return there.traffic().isEmpty()
        ? Traffic.NONE
        : take(new ServiceRoutes(directory, service, there, way, List.of()), service, way);
  }

  private Traffic take(ServiceRoutes routes, Service service, ServiceAccess way) {
    openFamily(service);
    targets.addAll(routes.targets());
    notes.addAll(routes.notes());
    if (!onlyFromOutside && !routes.closedInside().isEmpty()) {
      notes.add("service " + service.id() + " has no port for " + routes.closedInside()
          + " inside the cluster: from outside it is a node port");
    }
    if (onlyFromOutside && way.by() == ServiceAccess.By.NAME && isInsideOnly(service)) {
      notes.add(
          "service " + service.id()
              + " has no address but its cluster IP, which is not routed from outside the cluster unless its network is set up for it");
    }
    if (service.exposure().internalTrafficLocal() && way.by() == ServiceAccess.By.NAME) {
      notes.add("the internalTrafficPolicy of service " + service.id()
          + " is Local: a pod or a node reaches only those behind it on its own node");
    }
    return routes.open();
  }

  private void openFamily(Service service) {
    if (directory.familiesOfServices().isOpen(service)) {
      ofOpenFamily.add(service);
    }
  }

  /** The Services on the way that have one family, which nothing says. */
  Set<Service> ofOpenFamily() {
    return ofOpenFamily;
  }

  private static boolean isInsideOnly(Service service) {
    return service.type() == Service.Type.CLUSTER_IP
        && !service.headless()
        && service.exposure().externalIps().isEmpty();
  }

  /** Takes the ways through Services at one address or name; the traffic that is left for whoever else answers there. */
  private Optional<Traffic> leftOver(List<Entry> entries, Asked what) {
    Traffic open = Traffic.NONE;
    boolean owned = false;
    for (Entry entry : entries) {
      clusterIpNote(entry);
      ServiceAccess way = by(entry);
      open = open.union(take(entry.service(), what, way));
      owned |= way.ownsAddress();
      if (entry.kind() == ServiceAddresses.Kind.REQUESTED) {
        notes.add(
            "service " + entry.service().id() + " asks for " + entry.address().orElseThrow()
                + " as the address of its load balancer, and no status says that it was given");
      }
    }
    Traffic rest = what.traffic().minus(open);
    if (owned || !what.explicit() || rest.isEmpty()) {
      return Optional.empty();
    }
    notes.add(entries.stream()
            .map(entry -> "service " + entry.service().id())
            .distinct()
            .collect(Collectors.joining(" and "))
        + " takes only " + open + " there");
    return Optional.of(rest);
  }

  private ServiceAccess by(Entry entry) {
    Set<String> nodes = entry
        .address()
        .map(address -> directory.nodesAt().getOrDefault(address, Set.of()))
        .orElse(Set.of());
    return ServiceAccess.by(entry, nodes, fromOutside, directory.proxy());
  }

  private void clusterIpNote(Entry entry) {
    if (onlyFromOutside && entry.kind() == ServiceAddresses.Kind.CLUSTER_IP) {
      notes.add(entry.address().orElseThrow() + " is the cluster IP of service "
          + entry.service().id()
          + ", which is not routed from outside the cluster unless its network is set up for it");
    }
  }

  private void addresses(AddressSet addresses) {
    List<Entry> entries = directory.serviceAddresses().in(addresses);
    AddressSet nodes = AddressSet.ofAddresses(directory.nodeAddresses()).intersect(addresses);
    Traffic onNodes = nodes.isEmpty() ? Traffic.NONE : nodePorts(addresses);
    if (isOne(addresses) && !entries.isEmpty()) {
      Optional<Traffic> rest = leftOver(entries, asked);
      rest.ifPresent(traffic -> outside(addresses, traffic, onNodes));
      return;
    }
    for (Entry entry : entries) {
      clusterIpNote(entry);
      ServiceAccess way = by(entry);
      Asked there =
          new Asked(asked.traffic(), !asked.names().isEmpty(), asked.existential(), asked.names());
      take(entry.service(), there, way);
    }
    AddressSet rest = addresses.minus(AddressSet.ofAddresses(
        entries.stream().flatMap(entry -> entry.address().stream()).toList()));
    outside(rest, asked.traffic(), onNodes);
  }

  /** Pods at these addresses, or whoever is there; nodes for what is no node port. */
  private void outside(AddressSet addresses, Traffic traffic, Traffic onNodes) {
    for (Site site : Outsiders.sites(directory, addresses)) {
      boolean isNode = site.range().isPresent()
          && directory.nodeAddresses().contains(site.range().get().first());
      target(site, isNode ? traffic.minus(onNodes) : traffic);
    }
  }

  /** The addresses of nodes that are called, of one family; those of one node if a Service leads each node elsewhere. */
  private record Called(Set<String> nodes, Family family) {}

  private Map<Called, List<Address>> called(
      AddressSet addresses, Set<Family> families, boolean eachNode) {
    return directory.nodesAt().keySet().stream()
        .filter(addresses::contains)
        .filter(address -> families.contains(address.family()))
        .sorted()
        .collect(Collectors.groupingBy(
            address -> new Called(
                eachNode ? directory.nodesAt().get(address) : Set.of(), address.family()),
            LinkedHashMap::new,
            Collectors.toList()));
  }

  /** Takes the ways through node ports; the traffic that they take. */
  private Traffic nodePorts(AddressSet addresses) {
    Traffic open = Traffic.NONE;
    for (Service service : directory.serviceAddresses().onNodes()) {
      Set<Family> families = directory.familiesOfServices().of(service);
      for (Map.Entry<Called, List<Address>> nodes :
          called(addresses, families, service.localTrafficOnly()).entrySet()) {
        open = open.union(take(
            service,
            asked,
            ServiceAccess.byNodes(
                nodes.getValue(), nodes.getKey().nodes(), fromOutside, directory.proxy())));
      }
    }
    if (!asked.traffic().minus(open).isEmpty()) {
      notes.add(
          "what no Service of the manifests takes at the address of a node is taken for the node's own");
    }
    for (Service service : directory.cluster().services()) {
      service.exposure().healthCheckNodePort().stream()
          .filter(port -> asked.explicit() && asked.traffic().contains(Protocol.TCP, port))
          .forEach(port -> notes.add("tcp/" + port + " of a node is the health check of service "
              + service.id() + ", which the node itself answers"));
    }
    return open;
  }

  /** Whether this is one address. */
  static boolean isOne(AddressSet addresses) {
    return addresses.ranges().size() == 1
        && addresses.ranges().get(0).first().equals(addresses.ranges().get(0).last());
  }

  /** Whether an end would reach a Service from outside the cluster. */
  static boolean isOutside(List<Site> sources) {
    return sources.stream()
        .flatMap(site -> site.cells().stream())
        .anyMatch(cell -> cell.first() instanceof End.Outside);
  }
}
