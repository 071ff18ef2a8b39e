package dev.postern.openflow;

import dev.postern.algebra.Region;
import dev.postern.lowering.NodeAddresses;
import dev.postern.lowering.PeerAddresses;
import dev.postern.lowering.PolicedPods;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lays a plan out as flows. A packet's group (which pods share a table) is a number in a register; a rule is a conjunction of groups, peers
 * and ports, of which each alternative is one flow, shared by all rules of its table and priority.
 */
final class FlowLayout {

  /** Priorities as in OVN's layout: ports cut out of an allowance, allowances, the denial of the rest. */
  private static final int CUT = 1002;

  private static final int ALLOW = 1001;
  private static final int DENY = 1000;
  private static final String GROUP = "reg5";

  private final Plan plan;
  private final PolicedPods policed;
  private final PeerAddresses where;
  private final FlowTables tables;
  private final Region everything;
  private final List<String> flows = new ArrayList<>();
  private int lastGroup;
  private int lastConjunction;

  /** What a rule says besides its groups; equal for all groups that share it. */
  private record Rule(
      int priority, boolean allow, AddressSet peers, Family family, Traffic traffic) {}

  FlowLayout(Plan plan, PolicedPods policed, PeerAddresses where, FlowTables tables) {
    this.plan = plan;
    this.policed = policed;
    this.where = where;
    this.tables = tables;
    this.everything = Region.of(plan.classes().everyone(), Traffic.ALL);
  }

  List<String> flows() {
    before();
    direction(Direction.EGRESS, tables.egressGroup(), tables.egress(), tables.ingressGroup());
    direction(Direction.INGRESS, tables.ingressGroup(), tables.ingress(), tables.commit());
    for (String family : List.of("ip", "ipv6")) {
      add(
          tables.commit(),
          10,
          "ct_state=+trk+new," + family,
          "ct(commit,table=" + tables.onward() + ")");
    }
    add(tables.commit(), 0, "", go(tables.onward()));
    add(tables.onward(), 0, "", "NORMAL");
    return flows;
  }

  private void before() {
    for (int type = 133; type <= 137; type++) {
      add(tables.first(), 20, "icmp6,icmp_type=" + type, go(tables.onward()));
    }
    for (String family : List.of("ip", "ipv6")) {
      add(tables.first(), 10, family, "ct(table=" + tables.state() + ")");
    }
    add(tables.first(), 0, "", go(tables.onward()));
    for (String family : List.of("ip", "ipv6")) {
      for (String known : List.of("+est", "+rel")) {
        add(tables.state(), 20, "ct_state=+trk" + known + "," + family, go(tables.onward()));
      }
      add(tables.state(), 30, "ct_state=+trk+inv," + family, "drop");
    }
    add(tables.state(), 0, "", go(tables.egressGroup()));
  }

  private void direction(Direction direction, int dispatch, int rulesTable, int next) {
    boolean egress = direction == Direction.EGRESS;
    Map<Rule, List<Integer>> rules = new LinkedHashMap<>();
    NodeAddresses nodes = NodeAddresses.of(plan);
    for (PolicedPods.PodGroup group : policed.groups(direction)) {
      int number = ++lastGroup;
      for (End.InPod endpoint : group.endpoints()) {
        Address own = endpoint.address().orElseThrow();
        add(dispatch, 10, FlowText.address(own, egress), load(number) + go(rulesTable));
        exempt(dispatch, next, endpoint, own, egress, nodes);
      }
      for (Rule rule : rules(group.allowed())) {
        rules.computeIfAbsent(rule, r -> new ArrayList<>()).add(number);
      }
    }
    add(dispatch, 0, "", go(next));
    Conjunctions conjunctions = new Conjunctions();
    rules.forEach((rule, groups) -> conjunctions.add(rule, groups, egress, next));
    conjunctions.write(rulesTable);
  }

  /** A pod reaches itself and, where that is the choice, its node, whatever its table says. */
  private void exempt(
      int dispatch,
      int next,
      End.InPod endpoint,
      Address own,
      boolean egress,
      NodeAddresses nodes) {
    Set<Address> peers = new LinkedHashSet<>(Set.of(own));
    if (plan.options().nodeTrafficPasses()) {
      endpoint.pod().flatMap(pod -> pod.node()).ifPresent(node -> peers.addAll(nodes.of(node)));
    }
    for (Address peer : peers) {
      if (peer.family() == own.family()) {
        add(
            dispatch,
            20,
            FlowText.address(own, egress) + "," + FlowText.field(peer, !egress),
            go(next));
      }
    }
  }

  /** The rules of a table: its allowances above a denial, or its denials above an allowance, whichever are fewer flows. */
  private List<Rule> rules(Region allowed) {
    Region denied = everything.minus(allowed);
    boolean allow = classes(denied) < classes(allowed);
    List<Rule> rules = rules(allow ? denied : allowed, allow);
    for (Family family : Family.values()) {
      rules.add(new Rule(DENY - 1, allow, whole(family), family, Traffic.ALL));
    }
    return rules;
  }

  private static AddressSet whole(Family family) {
    return AddressSet.of(Cidr.all(family));
  }

  private static long classes(Region region) {
    return region.parts().stream().mapToLong(part -> part.peers().size()).sum();
  }

  private List<Rule> rules(Region region, boolean deny) {
    List<Rule> rules = new ArrayList<>();
    for (Region.Part part : region.parts()) {
      AddressSet peers = where.exactly(part.peers());
      boolean partly = part.traffic().other() && !part.traffic().isAll();
      for (Family family : Family.values()) {
        AddressSet some = peers.in(family);
        if (!some.isEmpty()) {
          rules.add(new Rule(
              deny ? DENY : ALLOW, !deny, some, family, partly ? Traffic.ALL : part.traffic()));
          if (partly) {
            rules.add(new Rule(CUT, deny, some, family, part.traffic().complement()));
          }
        }
      }
    }
    return rules;
  }

  private static String load(int group) {
    return "set_field:" + group + "->" + GROUP + ",";
  }

  private static String go(int table) {
    return "resubmit(," + table + ")";
  }

  private void add(int table, int priority, String match, String actions) {
    flows.add("cookie=" + OpenFlow.COOKIE + ",table=" + table + ",priority=" + priority
        + (match.isEmpty() ? "" : "," + match) + " actions=" + actions);
  }

  /** The rules of one table, their alternatives shared. */
  private final class Conjunctions {
    /** By priority and match, the conjunctions that a flow is an alternative of. */
    private final Map<String, List<String>> alternatives = new LinkedHashMap<>();

    private final Map<String, String> results = new LinkedHashMap<>();

    void add(Rule rule, List<Integer> groups, boolean egress, int next) {
      for (Protocol protocol : Protocol.values()) {
        boolean all = rule.traffic.isAll();
        if (all ? protocol != Protocol.OTHER : protocol == Protocol.OTHER) {
          continue;
        }
        PortSet ports = all ? PortSet.ALL : rule.traffic.ports(protocol);
        if (ports.isEmpty()) {
          continue;
        }
        String kind = FlowText.kind(rule.family, protocol);
        List<List<String>> dimensions = new ArrayList<>();
        dimensions.add(
            groups.stream().map(group -> kind + "," + GROUP + "=" + group).toList());
        if (!rule.peers.equals(whole(rule.family))) {
          dimensions.add(rule.peers.cidrs().stream()
              .map(cidr -> kind + "," + FlowText.field(cidr, !egress))
              .toList());
        }
        if (!ports.isAll()) {
          dimensions.add(FlowText.masked(ports).stream()
              .map(port -> kind + ",tp_dst=" + port)
              .toList());
        }
        conjunction(rule, kind, dimensions, rule.allow ? go(next) : "drop");
      }
    }

    private void conjunction(
        Rule rule, String kind, List<List<String>> dimensions, String actions) {
      String priority = rule.priority + " ";
      if (dimensions.size() == 1) {
        dimensions.get(0).forEach(match -> results.put(priority + match, actions));
        return;
      }
      int id = ++lastConjunction;
      for (int i = 0; i < dimensions.size(); i++) {
        String clause = "conjunction(" + id + "," + (i + 1) + "/" + dimensions.size() + ")";
        for (String match : dimensions.get(i)) {
          alternatives
              .computeIfAbsent(priority + match, key -> new ArrayList<>())
              .add(clause);
        }
      }
      results.put(priority + kind + ",conj_id=" + id, actions);
    }

    void write(int table) {
      Map<String, String> all = new HashMap<>();
      alternatives.forEach((key, clauses) -> all.put(key, String.join(",", clauses)));
      results.forEach((key, actions) -> {
        if (all.put(key, actions) != null) {
          throw new IllegalStateException("a flow and an alternative of others: " + key);
        }
      });
      new TreeMap<>(all).forEach((key, actions) -> {
        int space = key.indexOf(' ');
        FlowLayout.this.add(
            table, Integer.parseInt(key.substring(0, space)), key.substring(space + 1), actions);
      });
    }
  }
}
