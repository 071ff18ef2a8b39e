package dev.postern.ovn.read;

import dev.postern.diagnostic.ShortList;
import dev.postern.enforced.Condition;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.ovn.match.Constant;
import dev.postern.ovn.match.NamedSets;
import dev.postern.ovn.match.OvnMatchReader;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ports, switches, groups and sets of a northbound database, as far as ACLs speak of them. */
final class Topology implements NamedSets {

  private static final String PORT_NAME = "lsp:";
  private static final Set<String> UNTRACKED = Set.of("router", "localnet");

  private final NorthboundTables tables;
  private final PodPorts known;
  private final Map<String, String> portNames = new HashMap<>();
  private final Map<String, AddressSet> addresses = new HashMap<>();
  private final Map<String, String> switchOfPort = new HashMap<>();
  private final Map<String, Set<String>> portsOfSwitch = new HashMap<>();
  /** The ports from which northd has nothing tracked: those to routers and to networks of nodes. */
  private final Set<String> untracked = new HashSet<>();

  private final Map<String, List<Constant>> sets = new HashMap<>();
  private final Map<String, List<Constant>> groups = new HashMap<>();

  /**
   * What ACLs speak of.
   *
   * @param tables the rows of the network that is looked at
   * @param whole all rows: sets of a group's addresses hold those of its ports on other networks, too
   */
  Topology(NorthboundTables tables, NorthboundTables whole, PodPorts known) {
    this.tables = tables;
    this.known = known;
    for (Row port : tables.rows("Logical_Switch_Port")) {
      portNames.put(port.uuid(), port.text("name"));
      addresses.put(port.text("name"), ownAddresses(port));
      if (UNTRACKED.contains(port.text("type"))) {
        untracked.add(port.text("name"));
      }
    }
    for (Row logical : tables.rows("Logical_Switch")) {
      Set<String> ports = new HashSet<>();
      logical.references("ports").forEach(uuid -> ports.add(portName(uuid)));
      portsOfSwitch.put(logical.uuid(), ports);
      ports.forEach(port -> switchOfPort.put(port, logical.uuid()));
    }
    for (Row set : tables.rows("Address_Set")) {
      sets.put(
          set.text("name"),
          set.texts("addresses").stream()
              .flatMap(text -> OvnMatchReader.constant(text).stream())
              .toList());
    }
    for (Row group : tables.rows("Port_Group")) {
      List<String> ports = ports(group);
      groups.put(
          group.text("name"),
          ports.stream().map(port -> (Constant) new Constant.Text(port)).toList());
    }
    // Every group brings two sets of its ports' addresses along (ovn-sb(5), Constants).
    for (Row group : whole.rows("Port_Group")) {
      AddressSet own = ofAllNetworks(group, whole);
      for (Family family : Family.values()) {
        String suffix = family == Family.IPV4 ? "_ip4" : "_ip6";
        sets.putIfAbsent(
            group.text("name") + suffix,
            own.in(family).cidrs().stream()
                .flatMap(cidr -> OvnMatchReader.constant(cidr.toString()).stream())
                .toList());
      }
    }
  }

  private AddressSet ofAllNetworks(Row group, NorthboundTables whole) {
    List<AddressRange> ranges = new ArrayList<>();
    for (String uuid : group.references("ports")) {
      Optional<Row> port = whole.row("Logical_Switch_Port", uuid);
      AddressSet own = portNames.containsKey(uuid) || port.isEmpty()
          ? addressesOf(portName(uuid))
          : ownAddresses(port.get());
      ranges.addAll(own.ranges());
    }
    return new AddressSet(ranges);
  }

  private static AddressSet ownAddresses(Row port) {
    List<String> lines = new ArrayList<>(port.texts("addresses"));
    lines.addAll(port.texts("dynamic_addresses"));
    List<Address> own = new ArrayList<>();
    for (String line : lines) {
      for (String word : line.trim().split("\\s+")) {
        try {
          own.add(Address.parse(word));
        } catch (IllegalArgumentException notAnAddress) {
          // A MAC, or one of the words `dynamic`, `unknown` and `router`.
          continue;
        }
      }
    }
    return AddressSet.ofAddresses(own);
  }

  private String portName(String uuid) {
    return uuid.startsWith(PORT_NAME)
        ? uuid.substring(PORT_NAME.length())
        : portNames.getOrDefault(uuid, uuid);
  }

  /** The names of a group's ports. */
  List<String> ports(Row group) {
    return group.references("ports").stream().map(this::portName).toList();
  }

  /** The addresses behind these ports, as the database says; as the manifests say where it does not. */
  AddressSet addressesOf(Collection<String> ports) {
    List<AddressRange> ranges = new ArrayList<>();
    ports.forEach(port -> ranges.addAll(addressesOf(port).ranges()));
    return new AddressSet(ranges);
  }

  private AddressSet addressesOf(String port) {
    AddressSet own = addresses.getOrDefault(port, AddressSet.EMPTY);
    return own.isEmpty() ? known.addresses(port).orElse(AddressSet.EMPTY) : own;
  }

  /** All ports of the switches that these ports are on; the ports themselves where no switch is known. */
  Set<String> neighbours(Collection<String> ports) {
    Set<String> all = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (String port : ports) {
      String home = switchOfPort.get(port);
      if (home == null) {
        all.add(port);
      } else if (seen.add(home)) {
        all.addAll(portsOfSwitch.getOrDefault(home, Set.of()));
      }
    }
    return all;
  }

  /** Whether anything may be behind one of these ports: its addresses are not told, as those of a router's or a gateway's. */
  boolean isOpen(Collection<String> ports) {
    return knowsSwitches() && ports.stream().anyMatch(port -> addressesOf(port).isEmpty());
  }

  /** The addresses that are known to be behind a port. */
  AddressSet held() {
    return addressesOf(addresses.keySet());
  }

  /** The addresses of pods: those behind ports, and those that the manifests say. */
  AddressSet pods() {
    return held().union(addressesOf(known.byName().keySet()));
  }

  /** The addresses behind ports but some, and those that the manifests say of pods. */
  AddressSet podsBesides(Set<String> ports) {
    List<AddressRange> ranges = new ArrayList<>();
    addresses.forEach((port, held) -> {
      if (!ports.contains(port)) {
        ranges.addAll(held.ranges());
      }
    });
    known.byName().values().forEach(pods -> ranges.addAll(pods.ranges()));
    return new AddressSet(ranges);
  }

  /** What holds for packets that come from, or go to, one of these addresses. */
  static Condition end(boolean toPort, AddressSet addresses) {
    return toPort
        ? new Condition.DestinationAddress(addresses)
        : new Condition.SourceAddress(addresses);
  }

  /** What holds for packets of these ports. */
  Condition scope(boolean toPort, Set<String> ports) {
    AddressSet behind = addressesOf(ports);
    if (!knowsSwitches()) {
      return orNeighbour(toPort, behind);
    }
    return isOpen(ports)
        ? Condition.any(
            end(toPort, behind),
            Condition.all(
                beyond(toPort),
                new Condition.Unknown(
                    "whether a packet goes by a port of the switch whose addresses are not told")))
        : end(toPort, behind);
  }

  /** What holds for packets of ports that a match names: of one that is no pod's, packets of any other address may be. */
  Condition named(boolean toPort, Collection<String> ports) {
    Condition known = end(toPort, addressesOf(ports));
    return knowsSwitches() && ports.stream().anyMatch(this::isNobodys)
        ? Condition.any(
            known,
            Condition.all(
                beyond(toPort),
                new Condition.Unknown("whether a packet goes by port "
                    + ports.stream().filter(this::isNobodys).collect(ShortList.ofFirst(2))
                    + ", whose addresses are not told")))
        : known;
  }

  /** Whether the addresses behind a port are not told, and it is no pod of the manifests. */
  private boolean isNobodys(String port) {
    return addresses.getOrDefault(port, AddressSet.EMPTY).isEmpty()
        && known.addresses(port).isEmpty();
  }

  /** Ends that are known to be behind no port. */
  Condition beyond(boolean toPort) {
    return new Condition.Not(end(toPort, held()));
  }

  /** That a packet goes from a port of a switch to another of the same, and comes by no router and no network of the node's. */
  Condition onOneSwitch() {
    if (!knowsSwitches()) {
      return new Condition.Unknown("whether both ends are on one switch: the file has no switches");
    }
    List<Condition> switches = new ArrayList<>();
    portsOfSwitch.values().forEach(ports -> {
      Set<String> own = new HashSet<>(ports);
      own.removeAll(untracked);
      switches.add(Condition.all(scope(false, own), end(true, addressesOf(ports))));
    });
    return Condition.any(switches.toArray(Condition[]::new));
  }

  /** What holds for some ports holds for all on their switches, which may be any where no switch is known. */
  static Condition orNeighbour(boolean toPort, AddressSet addresses) {
    return Condition.any(
        end(toPort, addresses),
        new Condition.Unknown(
            "whether a port is on one switch with those of a group: the file has no switches"));
  }

  Set<String> portsOfSwitch(String uuid) {
    return portsOfSwitch.getOrDefault(uuid, Set.of());
  }

  /** Whether switches are known at all; a transaction has none. */
  boolean knowsSwitches() {
    return tables.has("Logical_Switch");
  }

  @Override
  public Optional<List<Constant>> addressSet(String name) {
    return Optional.ofNullable(sets.get(name));
  }

  @Override
  public Optional<List<Constant>> portGroup(String name) {
    return Optional.ofNullable(groups.get(name));
  }
}
