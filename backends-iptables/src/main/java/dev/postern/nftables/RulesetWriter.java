package dev.postern.nftables;

import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.netfilter.Deny;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.PeerOutcome;
import dev.postern.netfilter.PeerStep;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the table. A new connection's source and destination are each found in a map of pods (constant time) that jumps to the pod's group;
 * a group finds the peer in sets and goes to a chain of traffic; what passes returns, what does not is dropped there. Accepting ends our
 * table only: other tables still have their say.
 */
final class RulesetWriter {

  private static final String REFUSE = "refuse";

  /** IPVS takes what is to a Service's address out of INPUT at the priorities 98 and 99, before its destination is known. */
  private static final int AFTER_IPVS = 101;

  private final Map<Family, Layout> layouts;
  private final boolean nodeTraffic;
  private final String denial;
  private final boolean refuses;
  private final Set<String> standIns;
  private final NftTable table = new NftTable();

  /**
   * By default the names of sets are their own.
   *
   * @param nodeTraffic whether traffic between pods and their node is policed, which the forward hook does not see
   */
  RulesetWriter(Map<Family, Layout> layouts, boolean nodeTraffic, Deny deny) {
    this(layouts, nodeTraffic, deny, Set.of());
  }

  /** @param standIns sets and maps that others stand in for: those have {@link #standIn other names} */
  RulesetWriter(Map<Family, Layout> layouts, boolean nodeTraffic, Deny deny, Set<String> standIns) {
    this.layouts = layouts;
    this.nodeTraffic = nodeTraffic;
    this.refuses = deny == Deny.REJECT;
    this.denial = denial(deny);
    this.standIns = Set.copyOf(standIns);
  }

  /** An element of a map can drop or go somewhere, but not refuse. */
  static String denial(Deny deny) {
    return deny == Deny.REJECT ? "goto " + REFUSE : "drop";
  }

  NftTable write() {
    if (refuses && layouts.values().stream().anyMatch(layout -> !layout.isEmpty())) {
      table.add(
          "chain " + REFUSE,
          List.of("meta l4proto tcp reject with tcp reset", "reject with icmpx admin-prohibited"),
          List.of());
    }
    Map<String, PeerOutcome> outcomes = new TreeMap<>();
    layouts.values().forEach(layout -> outcomes.putAll(layout.outcomes()));
    outcomes.values().forEach(this::trafficChain);
    layouts.values().forEach(this::setsAndGroups);
    mainChain("judge");
    hook("forward", -1, List.of());
    if (nodeTraffic) {
      hook("input", AFTER_IPVS, List.of());
      hook("output", -1, List.of());
    } else {
      // What IPVS takes from a Service to a pod comes by here, and not by the forward hook.
      hook(
          "output",
          -1,
          List.of("ct state established,related return", "fib saddr type local return"));
    }
    return table;
  }

  // --- sets and maps

  private void setsAndGroups(Layout layout) {
    Elements elements = new Elements(layout, denial);
    String type = layout.family() == Family.IPV4 ? "ipv4_addr" : "ipv6_addr";
    layout
        .sets()
        .values()
        .forEach(set -> table.add(
            "set " + name(Elements.set(set)),
            definition(type, !set.isSingles()),
            Elements.members(set)));
    layout.lookups().values().forEach(lookup -> {
      boolean intervals = lookup.entries().stream().anyMatch(e -> !e.peers().isSingles());
      table.add(
          "map " + name(Elements.lookup(lookup)),
          definition(type + " : verdict", intervals),
          elements.entries(lookup));
    });
    List<String> exempt = elements.exemptions();
    if (!exempt.isEmpty()) {
      table.add(
          "set " + name(Elements.exempt(layout.family())),
          definition(type + " . " + type, false),
          exempt);
    }
    for (Direction direction : Direction.values()) {
      layout.groups(direction).forEach(group -> groupChain(layout.family(), group));
      List<String> entries = new ArrayList<>();
      layout.groups(direction).forEach(group -> entries.addAll(Elements.pods(group)));
      if (!entries.isEmpty()) {
        table.add(
            "map " + name(Elements.dispatch(direction, layout.family())),
            definition(type + " : verdict", false),
            entries);
      }
    }
  }

  private static List<String> definition(String type, boolean intervals) {
    return intervals ? List.of("type " + type, "flags interval") : List.of("type " + type);
  }

  // --- chains

  private void groupChain(Family family, Group group) {
    String peer = (family == Family.IPV4 ? "ip " : "ip6 ")
        + (group.direction() == Direction.EGRESS ? "daddr" : "saddr");
    List<String> rules = new ArrayList<>();
    rules.add("ct state invalid drop");
    boolean open = true;
    for (PeerStep step : group.steps()) {
      if (step instanceof PeerStep.Match match) {
        String verdict = Elements.verdict(match.outcome(), denial);
        if (match.peers().isEmpty()) {
          rules.add(verdict);
          open = false;
        } else if (match.peers().get().isFew()) {
          for (String member : Elements.members(match.peers().get())) {
            rules.add(peer + " " + member + " " + verdict);
          }
        } else {
          rules.add(peer + " @" + name(Elements.set(match.peers().get())) + " " + verdict);
        }
      } else if (step instanceof PeerStep.Lookup lookup) {
        rules.add(peer + " vmap @" + name(Elements.lookup(lookup)));
      }
    }
    if (open) {
      rules.add(denial);
    }
    table.add("chain " + Elements.chain(group), rules, List.of());
  }

  private void trafficChain(PeerOutcome outcome) {
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
    if (!layouts.getOrDefault(Family.IPV6, Layout.none(Family.IPV6)).isEmpty()) {
      rules.add(
          "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect } return");
    }
    for (Layout layout : layouts.values()) {
      String ip = layout.family() == Family.IPV4 ? "ip" : "ip6";
      if (!layout.hairpin().isEmpty()) {
        rules.add(ip + " saddr . " + ip + " daddr @" + name(Elements.exempt(layout.family()))
            + " return");
      }
      if (!layout.ownNode().isEmpty()) {
        rules.add(ip + " daddr . " + ip + " saddr @" + name(Elements.exempt(layout.family()))
            + " return");
      }
      if (!layout.egress().isEmpty()) {
        rules.add(
            ip + " saddr vmap @" + name(Elements.dispatch(Direction.EGRESS, layout.family())));
      }
      if (!layout.ingress().isEmpty()) {
        rules.add(
            ip + " daddr vmap @" + name(Elements.dispatch(Direction.INGRESS, layout.family())));
      }
    }
    table.add("chain " + name, rules, List.of());
  }

  private void hook(String hook, int priority, List<String> first) {
    List<String> lines = new ArrayList<>();
    lines.add("type filter hook " + hook + " priority " + priority + "; policy accept;");
    lines.addAll(first);
    lines.add("jump judge");
    table.add("chain hook_" + hook, lines, List.of());
  }

  /** The name of a set or map in rules. */
  private String name(String own) {
    return standIns.contains(own) ? standIn(own) : own;
  }

  /** The name under which a set or map stands in for the one whose name it will bear. */
  static String standIn(String name) {
    return "new_" + name;
  }
}
