package dev.postern.nftables;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.netfilter.ContentName;
import dev.postern.netfilter.Deny;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.Outcome;
import dev.postern.netfilter.Step;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the table. A new connection's source and destination are each found in a map of pods (constant time) that jumps to the pod's group;
 * a group finds the peer in sets and goes to a chain of traffic; what passes returns, what does not is dropped there. Accepting ends our
 * table only: other tables still have their say.
 */
final class RulesetWriter {

  private static final String REFUSE = "refuse";

  private final Map<Family, Layout> layouts;
  private final boolean nodeTraffic;
  private final String denial;
  private final boolean refuses;
  private final Table table = new Table();
  private final ContentName names = new ContentName();
  private final Map<String, String> roles = new HashMap<>();

  /** @param nodeTraffic whether traffic between pods and their node is policed, which the forward hook does not see */
  RulesetWriter(Map<Family, Layout> layouts, boolean nodeTraffic, Deny deny) {
    this.layouts = layouts;
    this.nodeTraffic = nodeTraffic;
    this.refuses = deny == Deny.REJECT;
    // An element of a map can drop or go somewhere, but not refuse.
    this.denial = refuses ? "goto " + REFUSE : "drop";
  }

  Table write() {
    if (refuses && layouts.values().stream().anyMatch(layout -> !layout.isEmpty())) {
      table.add(
          "chain " + REFUSE,
          List.of("meta l4proto tcp reject with tcp reset", "reject with icmpx admin-prohibited"),
          List.of());
    }
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
    return table;
  }

  // --- sets and maps

  private void setsAndGroups(Layout layout) {
    String type = layout.family() == Family.IPV4 ? "ipv4_addr" : "ipv6_addr";
    layout
        .sets()
        .values()
        .forEach(set -> table.add(
            "set s_" + set.name(),
            definition(type, !set.isSingles()),
            set.addresses().ranges().stream().map(RulesetWriter::range).toList()));
    layout.lookups().values().forEach(lookup -> {
      List<String> elements = new ArrayList<>();
      for (Step.Lookup.Entry entry : lookup.entries()) {
        String verdict = verdict(entry.outcome());
        for (AddressRange range : entry.peers().addresses().ranges()) {
          elements.add(range(range) + " : " + verdict);
        }
      }
      boolean intervals = lookup.entries().stream().anyMatch(e -> !e.peers().isSingles());
      table.add("map l_" + lookup.name(), definition(type + " : verdict", intervals), elements);
    });
    List<String> exempt = exemptions(layout);
    if (!exempt.isEmpty()) {
      // Named by content like all sets: none ever changes while rules look it up.
      table.add(
          "set " + named("exempt" + digit(layout.family()), exempt),
          definition(type + " . " + type, false),
          exempt);
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
        table.add(
            "map " + named(map(direction, layout.family()), entries),
            definition(type + " : verdict", false),
            entries);
      }
    }
  }

  private static List<String> definition(String type, boolean intervals) {
    return intervals ? List.of("type " + type, "flags interval") : List.of("type " + type);
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

  // --- chains

  private void groupChain(Family family, Group group) {
    String peer = (family == Family.IPV4 ? "ip " : "ip6 ")
        + (group.direction() == Direction.EGRESS ? "daddr" : "saddr");
    List<String> rules = new ArrayList<>();
    rules.add("ct state invalid drop");
    boolean open = true;
    for (Step step : group.steps()) {
      if (step instanceof Step.Match match) {
        String verdict = verdict(match.outcome());
        if (match.peers().isEmpty()) {
          rules.add(verdict);
          open = false;
        } else if (match.peers().get().isFew()) {
          for (AddressRange range : match.peers().get().addresses().ranges()) {
            rules.add(peer + " " + range(range) + " " + verdict);
          }
        } else {
          rules.add(peer + " @s_" + match.peers().get().name() + " " + verdict);
        }
      } else if (step instanceof Step.Lookup lookup) {
        rules.add(peer + " vmap @l_" + lookup.name());
      }
    }
    if (open) {
      rules.add(denial);
    }
    table.add("chain " + chain(group.direction(), group), rules, List.of());
  }

  private String verdict(Outcome outcome) {
    return outcome.passesAll()
        ? "return"
        : outcome.dropsAll() ? denial : "goto t_" + outcome.name();
  }

  private void trafficChain(Outcome outcome) {
    Traffic traffic = outcome.traffic();
    List<String> rules = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      PortSet ports = traffic.ports(protocol);
      if (ports.isAll()) {
        rules.add("meta l4proto " + protocol.word() + " return");
      } else if (!ports.isEmpty()) {
        rules.add(protocol.word() + " dport { "
            + String.join(
                ", ", ports.intervals().stream().map(PortSet.Interval::toString).toList())
            + " } return");
      }
    }
    if (traffic.other()) {
      rules.add("meta l4proto != { tcp, udp, sctp } return");
    }
    rules.add(denial);
    table.add("chain t_" + outcome.name(), rules, List.of());
  }

  private void mainChain(String name) {
    List<String> rules = new ArrayList<>();
    rules.add("ct state established,related return");
    if (!layouts.getOrDefault(Family.IPV6, none()).isEmpty()) {
      rules.add(
          "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect } return");
    }
    for (Layout layout : layouts.values()) {
      String ip = layout.family() == Family.IPV4 ? "ip" : "ip6";
      if (!layout.hairpin().isEmpty()) {
        rules.add(ip + " saddr . " + ip + " daddr @" + name("exempt" + digit(layout.family()))
            + " return");
      }
      if (!layout.ownNode().isEmpty()) {
        rules.add(ip + " daddr . " + ip + " saddr @" + name("exempt" + digit(layout.family()))
            + " return");
      }
      if (!layout.egress().isEmpty()) {
        rules.add(ip + " saddr vmap @" + name(map(Direction.EGRESS, layout.family())));
      }
      if (!layout.ingress().isEmpty()) {
        rules.add(ip + " daddr vmap @" + name(map(Direction.INGRESS, layout.family())));
      }
    }
    table.add("chain " + name, rules, List.of());
  }

  private static Layout none() {
    return new Layout(Family.IPV6, List.of(), List.of(), AddressSet.EMPTY, List.of());
  }

  private void hook(String hook) {
    table.add(
        "chain hook_" + hook,
        List.of("type filter hook " + hook + " priority -1; policy accept;", "jump judge"),
        List.of());
  }

  private static String chain(Direction direction, Group group) {
    return (direction == Direction.EGRESS ? "e_" : "i_") + group.name();
  }

  /** Gives elements a role and a name made of both. */
  private String named(String role, List<String> elements) {
    String name = role + "_" + names.of(role + " " + String.join(",", elements));
    roles.put(role, name);
    return name;
  }

  private String name(String role) {
    return roles.getOrDefault(role, role);
  }

  private static String map(Direction direction, Family family) {
    return (direction == Direction.EGRESS ? "egress" : "ingress") + digit(family);
  }

  private static String digit(Family family) {
    return family == Family.IPV4 ? "4" : "6";
  }
}
