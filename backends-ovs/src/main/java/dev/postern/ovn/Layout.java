package dev.postern.ovn;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.target.PeerAddresses;
import dev.postern.target.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Lays a plan out as rows: a port group for each distinct table and direction with its ACLs, address sets that are shared wherever two
 * rules have the same peers, and the exemptions.
 *
 * <p>Four priorities do: exemptions above what is cut out of an allowance, above allowances, above the denial of the rest. Allowances all
 * have one priority since ovn-controller merges the conjunctive matches of flows of one priority only.
 */
final class Layout {

  /** Own node and hairpin: pass whatever the tables say. */
  static final int EXEMPT = 1003;
  /** Ports taken out of an allowance for all protocols. */
  static final int CUT = 1002;

  static final int ALLOW = 1001;
  static final int DENY = 1000;

  /** Networks without pods up to this many are written into the match; more become a set. */
  private static final int INLINE = 8;
  /** Router and neighbour solicitation and advertisement, redirect (RFC 4861). */
  private static final String DISCOVERY = "icmp6.type == {133, 134, 135, 136, 137}";

  private final Plan plan;
  private final Scope scope;
  private final OvnOptions options;
  private final PeerAddresses where;
  private final Names names = new Names();
  private final Map<AddressSet, String> setKeys = new HashMap<>();
  private final Region everything;

  /** A policed pod: its port and its addresses. */
  private record Port(String name, Workload workload, Pod pod) {}

  /** A port group before its sets have names. */
  private record Group(String name, SortedSet<String> ports, List<Rule> rules, String about) {}

  /**
   * An ACL before its sets have names.
   *
   * @param peers of one family, or all addresses
   * @param inline whether the peers are written into the match
   * @param rest what the match says besides; may be empty
   * @param part which part of its group's table it is of
   */
  private record Rule(
      boolean toPort,
      int priority,
      boolean allow,
      AddressSet peers,
      boolean inline,
      String rest,
      String part) {

    static Rule any(boolean toPort, int priority, boolean allow, String rest) {
      return new Rule(toPort, priority, allow, AddressSet.ALL, true, rest, "");
    }
  }

  Layout(Plan plan, Scope scope, OvnOptions options) {
    this.plan = plan;
    this.scope = scope;
    this.options = options;
    this.where = PeerAddresses.of(plan);
    this.everything = Region.of(plan.classes().everyone(), Traffic.ALL);
  }

  Northbound rows() {
    GroupKeys keys = new GroupKeys(plan);
    List<Group> groups = new ArrayList<>();
    SortedMap<String, Port> all = new TreeMap<>();
    for (Direction direction : Direction.values()) {
      Map<Region, SortedMap<String, Port>> tables = tables(direction);
      keys.of(direction, tables.keySet()).forEach((table, key) -> {
        SortedMap<String, Port> ports = tables.get(table);
        groups.add(group(direction, key, table, ports));
        all.putAll(ports);
      });
    }
    if (!all.isEmpty()) {
      groups.add(everybody(all.keySet()));
      if (plan.options().nodeTrafficPasses()) {
        groups.addAll(nodes(all));
      }
    }
    groups.sort(Comparator.comparing(Group::name));
    Map<AddressSet, String> setNames = setNames();
    List<SetRow> sets = new ArrayList<>();
    setNames.forEach((set, name) -> sets.add(new SetRow(
        name, set.cidrs().stream().map(MatchText::constant).toList(), setKeys.get(set))));
    sets.sort(Comparator.comparing(SetRow::name));
    return new Northbound(sets, groups.stream().map(g -> row(g, setNames)).toList());
  }

  /** The policed pods of a direction by what passes. */
  private Map<Region, SortedMap<String, Port>> tables(Direction direction) {
    Map<Region, SortedMap<String, Port>> tables = new HashMap<>();
    Classes classes = plan.classes();
    for (int i = 0; i < classes.endpoints().size(); i++) {
      End.InPod endpoint = classes.endpoints().get(i);
      Workload workload = endpoint.workload();
      if (endpoint.pod().filter(scope::contains).isEmpty() || workload.hostNetwork()) {
        continue;
      }
      Region allowed = plan.table(classes.classOf(i), direction).allowed();
      if (!allowed.equals(everything)) {
        Pod pod = endpoint.pod().get();
        String name = options.portOf(workload.namespace(), pod.name());
        tables
            .computeIfAbsent(allowed, region -> new TreeMap<>())
            .put(name, new Port(name, workload, pod));
      }
    }
    return tables;
  }

  private Group group(
      Direction direction, String key, Region allowed, SortedMap<String, Port> ports) {
    boolean toPort = direction == Direction.INGRESS;
    String name = names.of(toPort ? "in" : "out", key);
    Region denied = everything.minus(allowed);
    // As many flows as peers, more or less: fewer denials above an allowance, or fewer allowances
    // above a denial.
    boolean open = classes(denied) < classes(allowed);
    List<Rule> rules = rules(toPort, open ? denied : allowed, open);
    if (!open) {
      rules.add(Rule.any(toPort, DENY, false, ""));
    }
    rules.stream()
        .filter(rule -> !rule.inline)
        .forEach(rule -> setKeys.merge(rule.peers, setKey(name, rule), Layout::lower));
    String about = (toPort ? "ingress of " : "egress of ") + some(ports.keySet());
    return new Group(name, new TreeSet<>(ports.keySet()), rules, about);
  }

  private static String setKey(String group, Rule rule) {
    return group + " " + rule.part + " " + rule.peers.ranges().get(0).family();
  }

  private static String lower(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static String some(Collection<String> ports) {
    String first = ports.iterator().next();
    return ports.size() == 1 ? first : first + " and " + (ports.size() - 1) + " more";
  }

  /**
   * The rules that tell a region apart from the rest: its traffic is allowed in a table that denies the rest, or denied in one that allows
   * it. Peers with other protocols but not all ports have all traffic less some ports: a cut-out touches nobody else.
   */
  private List<Rule> rules(boolean toPort, Region region, boolean deny) {
    List<Rule> rules = new ArrayList<>();
    int priority = deny ? DENY : ALLOW;
    for (PortRows.Row row : PortRows.fewest(region, plan.classes().everyone())) {
      add(rules, rule(toPort, priority, !deny, row.peers(), row.traffic()), row.traffic());
    }
    for (Region.Part part : region.parts()) {
      if (part.traffic().other() && !part.traffic().isAll()) {
        add(rules, rule(toPort, priority, !deny, part.peers(), part.traffic()), Traffic.ALL);
        add(
            rules,
            rule(toPort, CUT, deny, part.peers(), part.traffic()),
            part.traffic().complement());
      }
    }
    return rules;
  }

  private Rule rule(boolean toPort, int priority, boolean allow, ClassSet peers, Traffic part) {
    boolean fromPods = peers.intersects(plan.classes().insiders());
    return new Rule(toPort, priority, allow, where.exactly(peers), !fromPods, "", part.toString());
  }

  /** Adds a rule for some traffic: one a family of its peers and alternative of the traffic. */
  private static void add(List<Rule> rules, Rule like, Traffic traffic) {
    for (String rest : MatchText.alternatives(traffic)) {
      if (like.peers.equals(AddressSet.ALL)) {
        rules.add(Rule.any(like.toPort, like.priority, like.allow, rest));
        continue;
      }
      for (Family family : Family.values()) {
        AddressSet peers = like.peers.in(family);
        boolean inline = isWhole(peers, family) || (like.inline && peers.cidrs().size() <= INLINE);
        if (!peers.isEmpty()) {
          rules.add(
              new Rule(like.toPort, like.priority, like.allow, peers, inline, rest, like.part));
        }
      }
    }
  }

  private static boolean isWhole(AddressSet set, Family family) {
    return set.equals(AddressSet.of(Cidr.all(family)));
  }

  private static long classes(Region region) {
    return region.parts().stream().mapToLong(part -> part.peers().size()).sum();
  }

  /**
   * The group of all policed ports. IPv6 neighbour discovery passes, and what goes back to the pod that sent it: a Service that picks its
   * caller. The ACL for that is {@code allow-related}, which also makes every switch of a policed pod track connections: without it
   * replies to a pod that may receive nothing would be dropped. On its way out such a packet passes no ACL after load balancing.
   */
  private Group everybody(Collection<String> all) {
    List<Rule> rules = new ArrayList<>();
    rules.add(Rule.any(true, EXEMPT, true, "ip && flags.loopback"));
    rules.add(Rule.any(true, EXEMPT, true, DISCOVERY));
    rules.add(Rule.any(false, EXEMPT, true, DISCOVERY));
    return new Group(names.of("all", "everybody"), new TreeSet<>(all), rules, "every policed pod");
  }

  /** What passes between pods and the node they run on. */
  private List<Group> nodes(SortedMap<String, Port> all) {
    SortedMap<String, List<Address>> addresses = new TreeMap<>();
    for (Node node : plan.cluster().nodes()) {
      addresses.computeIfAbsent(node.name(), n -> new ArrayList<>()).addAll(node.addresses());
    }
    for (Workload workload : plan.cluster().workloads()) {
      if (workload.hostNetwork()) {
        workload
            .pods()
            .forEach(pod -> pod.node()
                .ifPresent(node -> addresses
                    .computeIfAbsent(node, n -> new ArrayList<>())
                    .addAll(pod.addresses())));
      }
    }
    SortedMap<String, SortedSet<String>> ports = new TreeMap<>();
    all.values()
        .forEach(port -> port.pod
            .node()
            .ifPresent(node -> ports.computeIfAbsent(node, n -> new TreeSet<>()).add(port.name)));
    List<Group> groups = new ArrayList<>();
    ports.forEach((node, members) -> {
      AddressSet own = AddressSet.ofAddresses(addresses.getOrDefault(node, List.of()));
      List<Rule> rules = new ArrayList<>();
      for (Family family : Family.values()) {
        if (!own.in(family).isEmpty()) {
          rules.add(new Rule(true, EXEMPT, true, own.in(family), true, "", ""));
          rules.add(new Rule(false, EXEMPT, true, own.in(family), true, "", ""));
        }
      }
      if (!rules.isEmpty()) {
        groups.add(new Group(names.of("node", node), members, rules, "pods on node " + node));
      }
    });
    return groups;
  }

  private Map<AddressSet, String> setNames() {
    Map<AddressSet, String> result = new HashMap<>();
    setKeys.forEach((set, key) -> result.put(set, names.of("as", key)));
    return result;
  }

  private GroupRow row(Group group, Map<AddressSet, String> setNames) {
    List<AclRow> acls =
        group.rules.stream().map(rule -> acl(group, rule, setNames)).toList();
    return new GroupRow(group.name, List.copyOf(group.ports), acls, group.about);
  }

  private AclRow acl(Group group, Rule rule, Map<AddressSet, String> setNames) {
    List<String> terms = new ArrayList<>();
    terms.add((rule.toPort ? "outport" : "inport") + " == @" + group.name);
    if (!rule.peers.equals(AddressSet.ALL)) {
      Family family = rule.peers.ranges().get(0).family();
      String field = MatchText.field(family, rule.toPort);
      String named = setNames.get(rule.peers);
      if (isWhole(rule.peers, family)) {
        terms.add(MatchText.family(family));
      } else if (rule.inline || named == null) {
        terms.add(MatchText.among(field, rule.peers.cidrs()));
      } else {
        terms.add(field + " == $" + named);
      }
    }
    if (!rule.rest.isEmpty()) {
      terms.add(rule.rest);
    } else if (rule.peers.equals(AddressSet.ALL)) {
      terms.add("ip");
    }
    boolean logs = options.log() && !rule.allow;
    return new AclRow(
        rule.toPort,
        rule.priority,
        String.join(" && ", terms),
        rule.allow ? "allow-related" : options.reject() ? "reject" : "drop",
        options.tier().orElse(0) == 0 ? OptionalInt.empty() : options.tier(),
        logs,
        logs ? options.severity() : "info",
        logs ? options.meter().orElse("") : "",
        group.name);
  }
}
