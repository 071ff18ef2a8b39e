package dev.postern.ovn;

import dev.postern.algebra.Region;
import dev.postern.backend.Scope;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.ShortList;
import dev.postern.lowering.NodeAddresses;
import dev.postern.lowering.PeerAddresses;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import dev.postern.ovn.Rule.Outcome;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.plan.TierDecision;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Lays a plan out as rows: for each tier a port group for each distinct table and direction with its ACLs, address sets that are shared
 * wherever two rules have the same peers, and the exemptions.
 */
final class OvnLayout {

  /** Redirects (RFC 4861); all else of neighbour discovery OVN lets pass itself (northd.c, IPV6_CT_OMIT_MATCH). */
  private static final String DISCOVERY = "icmp6.type == 137";

  private final Plan plan;
  private final Scope scope;
  private final OvnOptions options;
  private final PeerAddresses where;
  private final RowNames names = new RowNames();
  private final Map<AddressSet, String> setKeys = new HashMap<>();

  /** A policed pod: its port and its addresses. */
  private record Port(String name, Workload workload, Pod pod) {}

  /** A port group before its sets have names. */
  private record Group(
      String name,
      SortedSet<String> ports,
      OptionalInt tier,
      List<Rule> rules,
      String about,
      String policies) {}

  OvnLayout(Plan plan, Scope scope, OvnOptions options) {
    this.plan = plan;
    this.scope = scope;
    this.options = options;
    this.where = PeerAddresses.of(plan);
  }

  Northbound rows() {
    GroupKeys keys = new GroupKeys(plan);
    List<Group> groups = new ArrayList<>();
    SortedMap<String, Port> all = new TreeMap<>();
    for (Direction direction : Direction.values()) {
      Map<Integer, SortedMap<String, Port>> policed = policed(direction);
      policed.values().forEach(all::putAll);
      for (TierTables tables : TierTables.of(plan, direction, options)) {
        Map<TierDecision, SortedMap<String, Port>> ports = new HashMap<>();
        policed.forEach((profile, members) -> {
          TierDecision decided = tables.decided(profile);
          if (!decided.equals(TierDecision.NOTHING)) {
            ports.computeIfAbsent(decided, d -> new TreeMap<>()).putAll(members);
          }
        });
        keys.of(
                direction,
                tables.tiers(),
                number -> tables.decided(plan.profile(number, direction)),
                ports.keySet())
            .forEach((decided, key) -> {
              SortedMap<String, Port> members = ports.getOrDefault(decided, new TreeMap<>());
              groups.add(group(direction, key, tables, decided, members));
            });
      }
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

  /** The pods to which not everything may pass in a direction, by profile. */
  private Map<Integer, SortedMap<String, Port>> policed(Direction direction) {
    Region everything = Region.of(plan.classes().everyone(), Traffic.ALL);
    Map<Integer, SortedMap<String, Port>> policed = new TreeMap<>();
    Classes classes = plan.classes();
    for (int i = 0; i < classes.endpoints().size(); i++) {
      End.InPod endpoint = classes.endpoints().get(i);
      Workload workload = endpoint.workload();
      if (endpoint.pod().filter(scope::contains).isEmpty() || workload.hostNetwork()) {
        continue;
      }
      Pod pod = endpoint.pod().get();
      String name = options.portOf(workload.namespace(), pod.name());
      policed
          .computeIfAbsent(plan.profile(classes.classOf(i), direction), p -> new TreeMap<>())
          .put(name, new Port(name, workload, pod));
    }
    policed
        .keySet()
        .removeIf(profile -> plan.ofProfile(profile, direction).allowed().equals(everything));
    return policed;
  }

  private Group group(
      Direction direction,
      GroupKeys.Key key,
      TierTables tables,
      TierDecision decided,
      SortedMap<String, Port> ports) {
    boolean toPort = direction == Direction.INGRESS;
    String name = names.of((toPort ? "in" : "out") + tables.word(), key.text());
    List<Rule> rules =
        PriorityLayers.rules(plan.classes(), where, toPort, decided, tables.isLast());
    rules.stream()
        .filter(rule -> !rule.inline())
        .forEach(rule -> setKeys.merge(rule.peers(), setKey(name, rule), OvnLayout::lower));
    String about = (toPort ? "ingress of " : "egress of ") + some(ports.keySet());
    return new Group(
        name, new TreeSet<>(ports.keySet()), tables.number(), rules, about, key.policies());
  }

  private static String setKey(String group, Rule rule) {
    return group + " " + rule.part() + " " + rule.peers().ranges().get(0).family();
  }

  private static String lower(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static String some(Collection<String> ports) {
    return ports.stream().collect(ShortList.ofFirst(1));
  }

  /**
   * The group of all policed ports. IPv6 neighbour discovery passes, and what goes back to the pod that sent it: a Service that picks its
   * caller. The ACL for that is {@code allow-related}, which also makes every switch of a policed pod track connections: without it
   * replies to a pod that may receive nothing would be dropped. On its way out such a packet passes no ACL after load balancing.
   */
  private Group everybody(Collection<String> all) {
    List<Rule> rules = new ArrayList<>();
    rules.add(exempt(true, "ip && flags.loopback"));
    rules.add(exempt(true, DISCOVERY));
    rules.add(exempt(false, DISCOVERY));
    return new Group(
        names.of("all", "everybody"),
        new TreeSet<>(all),
        options.tier(),
        rules,
        "every policed pod",
        "");
  }

  private static Rule exempt(boolean toPort, String match) {
    return Rule.any(toPort, PriorityLayers.EXEMPT, Outcome.ALLOW, match);
  }

  private static Rule exempt(boolean toPort, AddressSet node) {
    return new Rule(toPort, PriorityLayers.EXEMPT, Outcome.ALLOW, node, true, "", "");
  }

  /** What passes between pods and the node they run on. */
  private List<Group> nodes(SortedMap<String, Port> all) {
    NodeAddresses addresses = NodeAddresses.of(plan);
    SortedMap<String, SortedSet<String>> ports = new TreeMap<>();
    all.values()
        .forEach(port -> port.pod
            .node()
            .ifPresent(node -> ports.computeIfAbsent(node, n -> new TreeSet<>()).add(port.name)));
    List<Group> groups = new ArrayList<>();
    ports.forEach((node, members) -> {
      AddressSet own = AddressSet.ofAddresses(addresses.of(node));
      List<Rule> rules = new ArrayList<>();
      for (Family family : Family.values()) {
        if (!own.in(family).isEmpty()) {
          rules.add(exempt(true, own.in(family)));
          rules.add(exempt(false, own.in(family)));
        }
      }
      if (!rules.isEmpty()) {
        groups.add(new Group(
            names.of("node", node), members, options.tier(), rules, "pods on node " + node, ""));
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
        group.rules.stream().map(rule -> acl(group, rule, setNames)).distinct().toList();
    return new GroupRow(group.name, List.copyOf(group.ports), acls, group.about);
  }

  private AclRow acl(Group group, Rule rule, Map<AddressSet, String> setNames) {
    List<String> terms = new ArrayList<>();
    terms.add((rule.toPort() ? "outport" : "inport") + " == @" + group.name);
    if (!rule.peers().equals(AddressSet.ALL)) {
      Family family = rule.peers().ranges().get(0).family();
      String field = MatchText.field(family, rule.toPort());
      String named = setNames.get(rule.peers());
      if (PriorityLayers.isWhole(rule.peers(), family)) {
        terms.add(MatchText.family(family));
      } else if (rule.inline() || named == null) {
        terms.add(MatchText.among(field, rule.peers().cidrs()));
      } else {
        terms.add(field + " == $" + named);
      }
    }
    if (!rule.rest().isEmpty()) {
      terms.add(rule.rest());
    } else if (rule.peers().equals(AddressSet.ALL)) {
      terms.add("ip");
    }
    Optional<OvnOptions.Logging> logs =
        options.logging().filter(each -> rule.outcome() == Outcome.DENY);
    String action = action(rule.outcome());
    String policies = group.policies.isEmpty() ? group.about : group.policies;
    return new AclRow(
        rule.toPort(),
        rule.priority(),
        String.join(" && ", terms),
        action,
        // 0 is what the column has where nothing is written.
        group.tier.orElse(0) == 0 ? OptionalInt.empty() : group.tier,
        logs.isPresent(),
        logs.map(each -> each.severity().name()).orElse("info"),
        logs.flatMap(OvnOptions.Logging::meter).orElse(""),
        options.aclOf(group.name, policies, rule.toPort(), action));
  }

  private String action(Outcome outcome) {
    return switch (outcome) {
      case ALLOW -> "allow-related";
      case PASS -> "pass";
      case DENY -> options.reject() ? "reject" : "drop";
    };
  }
}
