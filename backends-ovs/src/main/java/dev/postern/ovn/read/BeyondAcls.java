package dev.postern.ovn.read;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * What drops packets in an OVN network besides ACLs: ports that are off, and routers whose policies drop or whose routes discard (ovn-nb(5)).
 * Whether a packet comes by a router is not known.
 */
final class BeyondAcls {

  static final String STAGE = "ports and routers";

  private final String file;
  private final List<Rule> rules = new ArrayList<>();

  private BeyondAcls(String file) {
    this.file = file;
  }

  /** The rules of all of them; none if nothing else drops packets. */
  static List<Rule> rules(NorthboundTables tables, Topology topology, String file) {
    BeyondAcls beyond = new BeyondAcls(file);
    for (Row port : tables.rows("Logical_Switch_Port")) {
      AddressSet addresses = topology.addressesOf(List.of(port.text("name")));
      if (port.text("enabled").equals("false") && !addresses.isEmpty()) {
        Condition either =
            Condition.any(new Condition.Source(addresses), new Condition.Destination(addresses));
        beyond.drop(either, "port " + port.text("name") + " is not enabled");
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

  private static Condition packets(Row route) {
    try {
      AddressSet prefix = AddressSet.of(Cidr.parse(route.text("ip_prefix")));
      return route.text("policy").equals("src-ip")
          ? new Condition.Source(prefix)
          : new Condition.Destination(prefix);
    } catch (IllegalArgumentException e) {
      return Condition.ALWAYS;
    }
  }

  private void drop(Condition condition, String text) {
    rules.add(new Rule(condition, RuleAction.DROP, text, new Origin(file, 0, 0, "")));
  }
}
