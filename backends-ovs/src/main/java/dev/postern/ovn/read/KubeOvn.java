package dev.postern.ovn.read;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is special where kube-ovn wrote the ACLs: before version 1.14, policies let pass what pods exchange with the gateway of their subnet
 * (kube-ovn, {@code CreateGatewayACL}). The gateway is the port of the router that the subnet's switch is attached to.
 */
final class KubeOvn {

  private static final String VENDOR = "vendor";
  private static final String NAME = "kube-ovn";

  private final NorthboundTables tables;
  private final Topology topology;
  private final Map<String, Row> routerPorts = new HashMap<>();
  /** The directions and matches of ACLs that let packets through without a connection. */
  private final Set<String> opened = new HashSet<>();

  private KubeOvn(NorthboundTables tables, Topology topology) {
    this.tables = tables;
    this.topology = topology;
    tables.rows("Logical_Router_Port").forEach(port -> routerPorts.put(port.text("name"), port));
    for (Row acl : tables.rows("ACL")) {
      if (acl.text("action").equals("allow-stateless")) {
        opened.add(acl.text("direction") + " " + acl.text("match"));
      }
    }
  }

  /** A contract that leaves open what passes between pods and the gateways of their subnets, if kube-ovn wrote the switches. */
  static Contract waiving(Contract contract, NorthboundTables tables, Topology topology) {
    KubeOvn kubeOvn = new KubeOvn(tables, topology);
    Contract waiving = contract;
    for (Row logical : tables.rows("Logical_Switch")) {
      if (logical.map("external_ids").getOrDefault(VENDOR, "").equals(NAME)) {
        waiving = kubeOvn.waiving(waiving, logical);
      }
    }
    return waiving;
  }

  private Contract waiving(Contract contract, Row subnet) {
    Set<String> ports = new HashSet<>(topology.portsOfSwitch(subnet.uuid()));
    List<Address> addresses = new ArrayList<>();
    for (Row port : tables.rows("Logical_Switch_Port")) {
      if (port.text("type").equals("router") && ports.remove(port.text("name"))) {
        Row gateway = routerPorts.get(port.map("options").getOrDefault("router-port", ""));
        if (gateway != null) {
          gateway.texts("networks").forEach(network -> addAddress(network, addresses));
        }
      }
    }
    // An address that a pod has is that pod's, whatever it is said to be besides.
    AddressSet gateways = AddressSet.ofAddresses(addresses).minus(topology.pods());
    AddressSet pods = topology.addressesOf(ports);
    Contract waiving = contract;
    for (boolean toPods : new boolean[] {true, false}) {
      AddressSet open = AddressSet.ofAddresses(addresses.stream()
              .filter(address -> opened.contains(match(address, toPods)))
              .toList())
          .intersect(gateways);
      if (!open.isEmpty() && !pods.isEmpty()) {
        waiving = waiving.waiving(
            "packets " + (toPods ? "from " : "to ") + OvnKubernetes.words(open)
                + ", the gateway of subnet " + subnet.text("name") + ", "
                + (toPods ? "to" : "from") + " its pods",
            Condition.all(
                new Condition.SourceAddress(toPods ? open : pods),
                new Condition.DestinationAddress(toPods ? pods : open)));
      }
    }
    return waiving;
  }

  /** What kube-ovn matches of a gateway, in the direction in which it matches that. */
  private static String match(Address gateway, boolean toPods) {
    return (toPods ? "to-lport " : "from-lport ")
        + (gateway.family() == Family.IPV4 ? "ip4." : "ip6.")
        + (toPods ? "src" : "dst") + " == " + gateway;
  }

  private static void addAddress(String network, List<Address> addresses) {
    try {
      addresses.add(Address.parse(network.split("/", -1)[0]));
    } catch (IllegalArgumentException notAnAddress) {
      return;
    }
  }
}
