package dev.postern.ovn.read;

import dev.postern.enforced.Condition;
import dev.postern.enforced.ReplyConditions;
import dev.postern.net.AddressSet;
import dev.postern.ovn.match.MatchException;
import dev.postern.ovn.match.OvnMatchReader;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which packets northd has tracked before ACLs look at them (ovn-northd(8), Pre-ACLs and Pre-LB): those on switches that have an ACL which remembers
 * connections, or a load balancer with an address, but what an ACL that does {@code allow-stateless} matches, whatever its priority. Of others
 * conntrack says nothing, and no ACL that asks for anything it says matches them.
 */
final class Tracking {

  private final Topology topology;
  private final AddressSet tracked;
  private final Condition statelessFrom;
  private final Condition statelessTo;

  private Tracking(
      Topology topology,
      Set<String> tracked,
      List<Condition> statelessFrom,
      List<Condition> statelessTo) {
    this.topology = topology;
    this.tracked = topology.addressesOf(tracked);
    this.statelessFrom = MatchMeaning.any(statelessFrom);
    this.statelessTo = MatchMeaning.any(statelessTo);
  }

  static Tracking of(
      NorthboundTables tables,
      Topology topology,
      Translations translations,
      OvnMatchReader matches) {
    Builder builder = new Builder(tables, topology, matches);
    for (Row group : tables.rows("Port_Group")) {
      builder.add(group, topology.neighbours(topology.ports(group)));
    }
    for (Row logical : tables.rows("Logical_Switch")) {
      Set<String> ports = topology.portsOfSwitch(logical.uuid());
      builder.add(logical, ports);
      if (translations.balances(logical)) {
        builder.tracked.addAll(ports);
      }
    }
    return new Tracking(topology, builder.tracked, builder.statelessFrom, builder.statelessTo);
  }

  private static final class Builder {
    private final NorthboundTables tables;
    private final Topology topology;
    private final OvnMatchReader matches;
    private final Set<String> tracked = new HashSet<>();
    private final List<Condition> statelessFrom = new ArrayList<>();
    private final List<Condition> statelessTo = new ArrayList<>();

    Builder(NorthboundTables tables, Topology topology, OvnMatchReader matches) {
      this.tables = tables;
      this.topology = topology;
      this.matches = matches;
    }

    void add(Row holder, Set<String> ports) {
      for (String uuid : holder.references("acls")) {
        Row acl = tables.row("ACL", uuid).orElseThrow();
        String action = acl.text("action");
        if (action.equals("allow-related")) {
          tracked.addAll(ports);
        } else if (action.equals("allow-stateless")) {
          addStateless(acl, ports);
        }
      }
    }

    private void addStateless(Row acl, Set<String> ports) {
      boolean toPort = acl.text("direction").equals("to-lport");
      // It is looked at before conntrack is asked.
      MatchMeaning meaning = new MatchMeaning(topology, toPort, Condition.NEVER);
      try {
        Condition matched = meaning.of(matches.read(acl.text("match")));
        (toPort ? statelessTo : statelessFrom)
            .add(MatchMeaning.all(List.of(topology.scope(toPort, ports), matched)));
      } catch (MatchException e) {
        // OVN drops it, which is said where all ACLs are read.
        return;
      }
    }
  }

  /** That a packet which goes to, or comes from, some port is on a switch that has packets tracked. */
  private Condition onSwitch(boolean toPort) {
    return topology.knowsSwitches()
        ? Topology.end(toPort, tracked)
        : Topology.orNeighbour(toPort, tracked);
  }

  /**
   * That conntrack was asked about such a packet. Towards a port a packet bears what conntrack said where it came from a port of the same
   * switch; a router clears that.
   */
  Condition asked(boolean toPort) {
    Condition own = stateless(toPort);
    if (own.equals(Condition.NEVER)) {
      return onSwitch(toPort);
    }
    List<Condition> ways = new ArrayList<>();
    ways.add(new Condition.Not(own));
    if (toPort) {
      ways.add(Condition.all(topology.onOneSwitch(), new Condition.Not(stateless(false))));
    }
    return Condition.all(onSwitch(toPort), MatchMeaning.any(ways));
  }

  /** That an answer is one to a packet about which conntrack may not have been asked. */
  Condition openedUntracked() {
    return ReplyConditions.of(MatchMeaning.any(List.of(stateless(false), stateless(true))));
  }

  private Condition stateless(boolean toPort) {
    return toPort ? statelessTo : statelessFrom;
  }
}
