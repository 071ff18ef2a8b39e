package dev.postern.ovn.read;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * What drops packets in an OVN network besides ACLs: ports that are off or may not use their addresses, and routers that are off, whose policies
 * drop or whose routes discard (ovn-nb(5)). Whether a packet comes by a router is not known.
 */
final class BeyondAcls {

  static final String STAGE = "ports and routers";

  private final String file;
  private final List<EnforcedRule> rules = new ArrayList<>();

  private BeyondAcls(String file) {
    this.file = file;
  }

  /** The rules of all of them; none if nothing else drops packets. */
  static List<EnforcedRule> rules(NorthboundTables tables, Topology topology, String file) {
    BeyondAcls beyond = new BeyondAcls(file);
    for (Row port : tables.rows("Logical_Switch_Port")) {
      AddressSet addresses = topology.addressesOf(List.of(port.text("name")));
      if (port.text("enabled").equals("false") && !addresses.isEmpty()) {
        Condition either = Condition.any(
            new Condition.SourceAddress(addresses), new Condition.DestinationAddress(addresses));
        beyond.drop(either, "port " + port.text("name") + " is not enabled");
      }
    }
    for (Row port : tables.rows("Logical_Switch_Port")) {
      AddressSet own = topology.addressesOf(List.of(port.text("name")));
      beyond.keep(own.minus(PortSecurity.allowed(port, true)), Condition.ALWAYS, port);
      beyond.keep(
          own.minus(PortSecurity.allowed(port, false)),
          new Condition.Unknown("whether port_security allows a network's addresses"),
          port);
    }
    for (String table : List.of("Logical_Router", "Logical_Router_Port")) {
      for (Row router : tables.rows(table)) {
        if (router.text("enabled").equals("false")) {
          String text = router.text("name") + " of table " + table + " is not enabled";
          beyond.drop(new Condition.Unknown(text), text);
        }
      }
    }
    for (Row policy : tables.rows("Logical_Router_Policy")) {
      if (policy.text("action").equals("drop")) {
        String text = "a router's policy drops " + policy.text("match");
        beyond.drop(new Condition.Unknown(text), text);
      }
    }
    for (Row route : tables.rows("Logical_Router_Static_Route")) {
      if (route.text("nexthop").equals("discard")) {
        String text = "a router discards " + route.text("ip_prefix");
        beyond.drop(Condition.all(new Condition.Unknown(text), packets(route)), text);
      }
    }
    return beyond.rules;
  }

  private void keep(AddressSet kept, Condition condition, Row port) {
    if (!kept.isEmpty()) {
      Condition either =
          Condition.any(new Condition.SourceAddress(kept), new Condition.DestinationAddress(kept));
      drop(
          Condition.all(either, condition),
          "port_security of port " + port.text("name") + " does not allow " + kept);
    }
  }

  private static Condition packets(Row route) {
    try {
      AddressSet prefix = AddressSet.of(Cidr.parse(route.text("ip_prefix")));
      return route.text("policy").equals("src-ip")
          ? new Condition.SourceAddress(prefix)
          : new Condition.DestinationAddress(prefix);
    } catch (IllegalArgumentException e) {
      return Condition.ALWAYS;
    }
  }

  private void drop(Condition condition, String text) {
    rules.add(new EnforcedRule(condition, RuleAction.DROP, text, new Origin(file, 0, 0, "")));
  }
}
