package dev.postern.bpf.reader;

import dev.postern.bpf.reader.MapBytes.Identity;
import dev.postern.bpf.reader.MapBytes.PolicyKey;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.mapdump.LongestPrefix;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What {@code postern.c} does with what the two tries hold: the program, rule by rule. */
final class TrieReader {

  static final String FROM_POD = "from_pod";
  static final String TO_POD = "to_pod";

  private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 132);

  private final Map<Identity, AddressSet> addresses;
  private final AddressSet pods;
  private final SortedMap<Integer, SortedMap<Integer, List<Verdict>>> egress = new TreeMap<>();
  private final SortedMap<Integer, SortedMap<Integer, List<Verdict>>> ingress = new TreeMap<>();
  private final Map<String, Chain> chains = new LinkedHashMap<>();

  private record Verdict(PolicyKey about, boolean passes, Origin origin) {}

  /** A decoded entry of the policy trie. */
  record PolicyEntry(PolicyKey about, boolean passes, Origin origin) {}

  private TrieReader(
      SortedMap<Cidr, Identity> identities, List<PolicyEntry> policy, AddressSet pods) {
    this.pods = pods;
    this.addresses = LongestPrefix.addresses(identities);
    for (PolicyEntry entry : policy) {
      (entry.about.direction() == Direction.EGRESS ? egress : ingress)
          .computeIfAbsent(entry.about.group(), group -> new TreeMap<>())
          .computeIfAbsent(entry.about.peer(), peer -> new ArrayList<>())
          .add(new Verdict(entry.about, entry.passes, entry.origin));
    }
  }

  /**
   * The rules.
   *
   * @param pods the addresses that have an interface of their own, where the program is attached: no other packet comes by it, whatever groups the
   *     tries give to its address
   */
  static EnforcedRules rules(
      SortedMap<Cidr, Identity> identities, List<PolicyEntry> policy, AddressSet pods) {
    TrieReader reader = new TrieReader(identities, policy, pods);
    List<Stage> stages = List.of(reader.stage(Direction.EGRESS), reader.stage(Direction.INGRESS));
    return new EnforcedRules(stages, reader.chains);
  }

  /**
   * The rules, if it is known what becomes of packets.
   *
   * @param unknown why it is not, in words; nothing if it is
   */
  static EnforcedRules unless(List<String> unknown, EnforcedRules rules) {
    if (unknown.isEmpty()) {
      return rules;
    }
    List<EnforcedRule> reasons = unknown.stream()
        .map(why ->
            new EnforcedRule(Condition.ALWAYS, new RuleAction.Unknown(why), why, Origin.NONE))
        .toList();
    String name = unknown.get(0);
    Map<String, Chain> chains = new LinkedHashMap<>(rules.chains());
    chains.put(name, new Chain(name, reasons));
    List<Stage> stages = new ArrayList<>();
    stages.add(new Stage(name, Condition.ALWAYS, name, Ending.ACCEPT));
    stages.addAll(rules.stages());
    return new EnforcedRules(stages, chains);
  }

  private AddressSet where(Predicate<Identity> which) {
    List<AddressRange> ranges = new ArrayList<>();
    addresses.forEach((identity, set) -> {
      if (which.test(identity)) {
        ranges.addAll(set.ranges());
      }
    });
    return new AddressSet(ranges);
  }

  private static int group(Identity identity, Direction direction) {
    return direction == Direction.EGRESS ? identity.egress() : identity.ingress();
  }

  private Stage stage(Direction direction) {
    boolean out = direction == Direction.EGRESS;
    String name = out ? FROM_POD : TO_POD;
    AddressSet known = where(identity -> true);
    List<EnforcedRule> rules = new ArrayList<>();
    rules.add(rule(
        new Condition.Not(new Condition.SourceAddress(known)),
        RuleAction.DROP,
        "an address without identity"));
    rules.add(rule(
        new Condition.Not(new Condition.DestinationAddress(known)),
        RuleAction.DROP,
        "an address without identity"));
    AddressSet policed = where(identity -> group(identity, direction) != 0);
    Condition applies =
        out ? new Condition.SourceAddress(policed) : new Condition.DestinationAddress(policed);
    rules.add(rule(new Condition.Not(applies), RuleAction.ACCEPT, "no group: no policy"));
    ownNodes(rules);
    rules.add(rule(
        Condition.all(
            new Condition.IpProtocol(Set.of(58)),
            new Condition.IcmpType(Set.of(133, 134, 135, 136, 137))),
        RuleAction.ACCEPT,
        "neighbour discovery"));
    rules.add(rule(
        Condition.all(
            new Condition.State(Set.of(ConnectionState.ESTABLISHED)), new Condition.Reply()),
        RuleAction.ACCEPT,
        "a reply"));
    rules.add(rule(
        new Condition.State(Set.of(ConnectionState.RELATED)),
        RuleAction.ACCEPT,
        "an error about a connection"));
    SortedMap<Integer, SortedMap<Integer, List<Verdict>>> groups = out ? egress : ingress;
    groups.forEach((group, byPeer) -> {
      AddressSet members = where(identity -> group(identity, direction) == group);
      if (!members.isEmpty()) {
        String chain = name + "." + group;
        chains.put(chain, new Chain(chain, verdicts(byPeer, out)));
        Condition isMember =
            out ? new Condition.SourceAddress(members) : new Condition.DestinationAddress(members);
        rules.add(rule(isMember, new RuleAction.Goto(chain), "group " + group));
      }
    });
    chains.put(name, new Chain(name, rules));
    return new Stage(
        name,
        out ? new Condition.SourceAddress(pods) : new Condition.DestinationAddress(pods),
        name,
        Ending.DROP);
  }

  private void ownNodes(List<EnforcedRule> rules) {
    SortedMap<Integer, AddressSet> pods = new TreeMap<>();
    SortedMap<Integer, AddressSet> nodes = new TreeMap<>();
    addresses.forEach((identity, set) -> {
      // A node number is told from none by what is left without the top bit; the program compares
      // all bits.
      boolean itself = (identity.node() & MapBytes.IS_NODE) != 0;
      (itself ? nodes : pods).merge(identity.node() & ~MapBytes.IS_NODE, set, AddressSet::union);
    });
    nodes.forEach((number, node) -> {
      AddressSet onIt = pods.getOrDefault(number, AddressSet.EMPTY);
      rules.add(rule(
          Condition.any(
              Condition.all(
                  new Condition.SourceAddress(onIt), new Condition.DestinationAddress(node)),
              Condition.all(
                  new Condition.SourceAddress(node), new Condition.DestinationAddress(onIt))),
          RuleAction.ACCEPT,
          "the node that a pod runs on"));
    });
  }

  /** A peer's own entries, the longest first; then those for anyone, for peers whose own entries do not match. */
  private List<EnforcedRule> verdicts(SortedMap<Integer, List<Verdict>> byPeer, boolean out) {
    List<EnforcedRule> rules = new ArrayList<>();
    byPeer.forEach((peer, verdicts) -> {
      if (peer != MapBytes.ANYONE) {
        AddressSet there = where(identity -> identity.number() == peer);
        Condition isPeer =
            out ? new Condition.DestinationAddress(there) : new Condition.SourceAddress(there);
        longestFirst(verdicts)
            .forEach(verdict ->
                rules.add(rule(verdict, Condition.all(isPeer, traffic(verdict.about)))));
      }
    });
    longestFirst(byPeer.getOrDefault(MapBytes.ANYONE, List.of()))
        .forEach(verdict -> rules.add(rule(verdict, traffic(verdict.about))));
    return rules;
  }

  private static List<Verdict> longestFirst(List<Verdict> verdicts) {
    return verdicts.stream()
        .sorted(Comparator.comparing(verdict -> -verdict.about.bits()))
        .toList();
  }

  private static Condition traffic(PolicyKey about) {
    if (about.bits() == MapBytes.ANY_PROTOCOL) {
      return Condition.ALWAYS;
    }
    Condition protocol = about.protocol() == MapBytes.OTHER_PROTOCOLS
        ? new Condition.Not(new Condition.IpProtocol(WITH_PORTS))
        : WITH_PORTS.contains(about.protocol())
            ? new Condition.IpProtocol(Set.of(about.protocol()))
            : Condition.NEVER;
    if (about.bits() == MapBytes.ANY_PORT) {
      return protocol;
    }
    int free = MapBytes.ONE_PORT - about.bits();
    int first = about.port() >> free << free;
    // What has no ports is looked up as port 0.
    Condition ports = about.protocol() == MapBytes.OTHER_PROTOCOLS
        ? first == 0 ? Condition.ALWAYS : Condition.NEVER
        : new Condition.DestinationPort(first, first + (1 << free) - 1);
    return Condition.all(protocol, ports);
  }

  private static EnforcedRule rule(Condition condition, RuleAction action, String text) {
    return new EnforcedRule(condition, action, text, Origin.NONE);
  }

  private static EnforcedRule rule(Verdict verdict, Condition condition) {
    return new EnforcedRule(
        condition,
        verdict.passes ? RuleAction.ACCEPT : RuleAction.DROP,
        verdict.about.toString(),
        verdict.origin);
  }
}
