package dev.postern.ovn.read;

import dev.postern.enforced.Condition;
import dev.postern.net.AddressSet;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Which packets northd has tracked before ACLs look at them (ovn-northd(8), Pre-ACLs and Pre-LB): those on switches that have an ACL which remembers
 * connections, or a load balancer with an address. Of others conntrack says nothing, and no ACL that asks for anything it says matches them.
 */
final class Tracking {

  private final Topology topology;
  private final AddressSet tracked;
  private final AddressSet stateless;

  private Tracking(Topology topology, Set<String> tracked, Set<String> stateless) {
    this.topology = topology;
    this.tracked = topology.addressesOf(tracked);
    this.stateless = topology.addressesOf(stateless);
  }

  static Tracking of(NorthboundTables tables, Topology topology, Translations translations) {
    Set<String> tracked = new HashSet<>();
    Set<String> stateless = new HashSet<>();
    for (Row group : tables.rows("Port_Group")) {
      Set<String> ports = topology.neighbours(topology.ports(group));
      acls(tables, group, ports, tracked, stateless);
    }
    for (Row logical : tables.rows("Logical_Switch")) {
      Set<String> ports = topology.portsOfSwitch(logical.uuid());
      acls(tables, logical, ports, tracked, stateless);
      if (translations.balances(logical)) {
        tracked.addAll(ports);
      }
    }
    return new Tracking(topology, tracked, stateless);
  }

  private static void acls(
      NorthboundTables tables,
      Row holder,
      Collection<String> ports,
      Set<String> tracked,
      Set<String> stateless) {
    for (String uuid : holder.references("acls")) {
      String action = tables.row("ACL", uuid).map(acl -> acl.text("action")).orElse("");
      if (action.equals("allow-related")) {
        tracked.addAll(ports);
      } else if (action.equals("allow-stateless")) {
        stateless.addAll(ports);
      }
    }
  }

  /** That a packet which goes to, or comes from, some port is on a switch that has packets tracked. */
  Condition onSwitch(boolean toPort) {
    return topology.knowsSwitches()
        ? NorthboundReader.end(toPort, tracked)
        : NorthboundReader.orNeighbour(toPort, tracked);
  }

  /** That conntrack was asked about such a packet: {@code allow-stateless} keeps what it matches from it, whatever its priority. */
  Condition asked(boolean toPort) {
    return stateless.isEmpty()
        ? onSwitch(toPort)
        : Condition.all(
            onSwitch(toPort),
            Condition.any(
                new Condition.Not(NorthboundReader.end(toPort, stateless)),
                new Condition.Unknown("whether allow-stateless keeps a packet from conntrack")));
  }
}
