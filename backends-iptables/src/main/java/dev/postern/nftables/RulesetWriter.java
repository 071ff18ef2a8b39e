package dev.postern.nftables;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.Outcome;
import dev.postern.netfilter.Step;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the table. A new connection's source and destination are each found in a map of pods (constant time) that jumps to the pod's group;
 * a group finds the peer in sets and goes to a chain of traffic; what passes returns, what does not is dropped there. Accepting ends our
 * table only: other tables still have their say.
 */
final class RulesetWriter {

  private final Map<Family, Layout> layouts;
  private final boolean nodeTraffic;
  private final StringBuilder out = new StringBuilder();

  /** @param nodeTraffic whether traffic between pods and their node is policed, which the forward hook does not see */
  RulesetWriter(Map<Family, Layout> layouts, boolean nodeTraffic) {
    this.layouts = layouts;
    this.nodeTraffic = nodeTraffic;
  }

  String write() {
    line(
        0,
        "# Written by Postern. Replaces the table `inet " + Nftables.TABLE
            + "` in one transaction.");
    line(0, "table inet " + Nftables.TABLE + " {}");
    line(0, "delete table inet " + Nftables.TABLE);
    line(0, "table inet " + Nftables.TABLE + " {");
    Map<String, Outcome> outcomes = new TreeMap<>();
    layouts.values().forEach(layout -> outcomes.putAll(layout.outcomes()));
    outcomes.values().forEach(this::trafficChain);
    layouts.values().forEach(this::setsAndGroups);
    mainChain("judge");
    hook("forward");
    if (nodeTraffic) {
      hook("input");
      hook("output");
    }
    line(0, "}");
    return out.toString();
  }

  private void line(int depth, String text) {
    out.append("\t".repeat(depth)).append(text).append('\n');
  }

  // --- sets and maps

  private void setsAndGroups(Layout layout) {
    String type = layout.family() == Family.IPV4 ? "ipv4_addr" : "ipv6_addr";
    layout.sets().values().forEach(set -> {
      line(1, "set s_" + set.name() + " {");
      line(2, "type " + type);
      if (!set.isSingles()) {
        line(2, "flags interval");
      }
      elements(set.addresses().ranges().stream().map(RulesetWriter::range).toList());
      line(1, "}");
    });
    layout.lookups().values().forEach(lookup -> {
      line(1, "map l_" + lookup.name() + " {");
      line(2, "type " + type + " : verdict");
      if (lookup.entries().stream().anyMatch(entry -> !entry.peers().isSingles())) {
        line(2, "flags interval");
      }
      List<String> elements = new ArrayList<>();
      for (Step.Lookup.Entry entry : lookup.entries()) {
        String verdict = verdict(entry.outcome());
        for (AddressRange range : entry.peers().addresses().ranges()) {
          elements.add(range(range) + " : " + verdict);
        }
      }
      elements(elements);
      line(1, "}");
    });
    List<String> exempt = new ArrayList<>(exemptions(layout));
    if (!exempt.isEmpty()) {
      line(1, "set exempt" + digit(layout.family()) + " {");
      line(2, "type " + type + " . " + type);
      elements(exempt);
      line(1, "}");
    }
    for (Direction direction : Direction.values()) {
      layout.groups(direction).forEach(group -> groupChain(layout.family(), group));
      List<String> entries = new ArrayList<>();
      for (Group group : layout.groups(direction)) {
        for (AddressRange pods : group.pods().ranges()) {
          for (Cidr pod : singles(pods)) {
            entries.add(pod.network() + " : jump " + chain(direction, group));
          }
        }
      }
      if (!entries.isEmpty()) {
        line(1, "map " + map(direction, layout.family()) + " {");
        line(2, "type " + type + " : verdict");
        elements(entries);
        line(1, "}");
      }
    }
  }

  /** A pod and itself, a pod and its node; the pod first. */
  private static List<String> exemptions(Layout layout) {
    List<String> pairs = new ArrayList<>();
    for (AddressRange pods : layout.hairpin().ranges()) {
      singles(pods).forEach(pod -> pairs.add(pod.network() + " . " + pod.network()));
    }
    for (Layout.OwnNode own : layout.ownNode()) {
      for (AddressRange pods : own.pods().addresses().ranges()) {
        for (Cidr pod : singles(pods)) {
          for (AddressRange nodes : own.node().addresses().ranges()) {
            for (Cidr node : singles(nodes)) {
              if (!pod.equals(node)) {
                pairs.add(pod.network() + " . " + node.network());
              }
            }
          }
        }
      }
    }
    return pairs;
  }

  /** Each address of a short range of neighbours. */
  private static List<Cidr> singles(AddressRange range) {
    List<Cidr> singles = new ArrayList<>();
    Address at = range.first();
    while (!at.equals(range.last())) {
      singles.add(Cidr.of(at));
      at = at.next();
    }
    singles.add(Cidr.of(at));
    return singles;
  }

  private static String range(AddressRange range) {
    if (range.first().equals(range.last())) {
      return range.first().toString();
    }
    List<Cidr> cidrs = range.cidrs();
    return cidrs.size() == 1 ? cidrs.get(0).toString() : range.toString();
  }

  private void elements(List<String> elements) {
    line(2, "elements = {");
    for (String element : elements) {
      line(3, element + ",");
    }
    line(2, "}");
  }

  // --- chains

  private void groupChain(Family family, Group group) {
    String peer = (family == Family.IPV4 ? "ip " : "ip6 ")
        + (group.direction() == Direction.EGRESS ? "daddr" : "saddr");
    line(1, "chain " + chain(group.direction(), group) + " {");
    line(2, "ct state invalid drop");
    boolean open = true;
    for (Step step : group.steps()) {
      if (step instanceof Step.Match match) {
        String verdict = verdict(match.outcome());
        if (match.peers().isPresent()) {
          line(2, peer + " @s_" + match.peers().get().name() + " " + verdict);
        } else {
          line(2, verdict);
          open = false;
        }
      } else if (step instanceof Step.Lookup lookup) {
        line(2, peer + " vmap @l_" + lookup.name());
      }
    }
    if (open) {
      line(2, "drop");
    }
    line(1, "}");
  }

  private static String verdict(Outcome outcome) {
    return outcome.passesAll()
        ? "return"
        : outcome.dropsAll() ? "drop" : "goto t_" + outcome.name();
  }

  private void trafficChain(Outcome outcome) {
    Traffic traffic = outcome.traffic();
    line(1, "chain t_" + outcome.name() + " {");
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      PortSet ports = traffic.ports(protocol);
      if (ports.isAll()) {
        line(2, "meta l4proto " + protocol.word() + " return");
      } else if (!ports.isEmpty()) {
        line(
            2,
            protocol.word() + " dport { "
                + String.join(
                    ", ",
                    ports.intervals().stream().map(PortSet.Interval::toString).toList())
                + " } return");
      }
    }
    if (traffic.other()) {
      line(2, "meta l4proto != { tcp, udp, sctp } return");
    }
    line(2, "drop");
    line(1, "}");
  }

  private void mainChain(String name) {
    line(1, "chain " + name + " {");
    line(2, "ct state established,related return");
    if (!layouts.getOrDefault(Family.IPV6, none()).isEmpty()) {
      line(
          2,
          "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect } return");
    }
    for (Layout layout : layouts.values()) {
      String ip = layout.family() == Family.IPV4 ? "ip" : "ip6";
      if (!layout.hairpin().isEmpty()) {
        line(2, ip + " saddr . " + ip + " daddr @exempt" + digit(layout.family()) + " return");
      }
      if (!layout.ownNode().isEmpty()) {
        line(2, ip + " daddr . " + ip + " saddr @exempt" + digit(layout.family()) + " return");
      }
      if (!layout.egress().isEmpty()) {
        line(2, ip + " saddr vmap @" + map(Direction.EGRESS, layout.family()));
      }
      if (!layout.ingress().isEmpty()) {
        line(2, ip + " daddr vmap @" + map(Direction.INGRESS, layout.family()));
      }
    }
    line(1, "}");
  }

  private static Layout none() {
    return new Layout(Family.IPV6, List.of(), List.of(), AddressSet.EMPTY, List.of());
  }

  private void hook(String hook) {
    line(1, "chain hook_" + hook + " {");
    line(2, "type filter hook " + hook + " priority -1; policy accept;");
    line(2, "jump judge");
    line(1, "}");
  }

  private static String chain(Direction direction, Group group) {
    return (direction == Direction.EGRESS ? "e_" : "i_") + group.name();
  }

  private static String map(Direction direction, Family family) {
    return (direction == Direction.EGRESS ? "egress" : "ingress") + digit(family);
  }

  private static String digit(Family family) {
    return family == Family.IPV4 ? "4" : "6";
  }
}
