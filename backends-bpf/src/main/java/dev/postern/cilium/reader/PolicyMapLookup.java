package dev.postern.cilium.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the programs do with a packet of one identity: a rule for each stretch of protocols and ports in which one entry decides. The order
 * of the decisions is that of {@code __policy_can_access} in {@code bpf/lib/policy.h}.
 *
 * @param exact the identity's entries
 * @param wildcard the entries for any identity
 * @param order which of the two decides
 */
record PolicyMapLookup(List<PolicyEntry> exact, List<PolicyEntry> wildcard, DecisionOrder order) {

  private static final int PROTOCOLS = 256;
  private static final int MOST_PORTS = 65535;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int TYPES = 256;

  PolicyMapLookup {
    exact = List.copyOf(exact);
    wildcard = List.copyOf(wildcard);
  }

  /** Rules of which at most one holds for a packet; where none holds, no entry was found. */
  List<EnforcedRule> rules() {
    Map<List<PolicyEntry>, Set<Integer>> alike = new LinkedHashMap<>();
    for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
      List<PolicyEntry> about = new ArrayList<>();
      for (PolicyEntry entry : exact) {
        addIfAbout(entry, protocol, about);
      }
      for (PolicyEntry entry : wildcard) {
        addIfAbout(entry, protocol, about);
      }
      alike.computeIfAbsent(about, key -> new HashSet<>()).add(protocol);
    }
    List<EnforcedRule> rules = new ArrayList<>();
    alike.forEach((about, protocols) -> {
      boolean ports = about.stream().anyMatch(PolicyEntry::hasPort);
      int one = protocols.iterator().next();
      if (!ports) {
        decide(one, 0).ifPresent(entry -> rules.add(rule(Condition.ALWAYS, protocols, entry)));
      } else if (hasPorts(one)) {
        ports(about, one, rules);
      } else if (one == ICMP || one == ICMPV6) {
        types(one, rules);
      } else {
        decide(one, 0).ifPresent(entry -> rules.add(rule(Condition.ALWAYS, protocols, entry)));
      }
    });
    return rules;
  }

  private static void addIfAbout(PolicyEntry entry, int protocol, List<PolicyEntry> about) {
    if (entry.bits() == 0 || (entry.protocol() ^ protocol) >>> 8 - Math.min(8, entry.bits()) == 0) {
      about.add(entry);
    }
  }

  private static boolean hasPorts(int number) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.hasPorts() && protocol.number() == number) {
        return true;
      }
    }
    return false;
  }

  private void ports(List<PolicyEntry> about, int protocol, List<EnforcedRule> rules) {
    SortedSet<Integer> starts = new TreeSet<>(Set.of(1));
    for (PolicyEntry entry : about) {
      if (entry.hasPort()) {
        starts.add(Math.max(1, entry.firstPort()));
        starts.add(entry.lastPort() + 1);
      }
    }
    starts.add(MOST_PORTS + 1);
    List<Integer> bounds = List.copyOf(starts);
    int first = 1;
    Optional<PolicyEntry> last = decide(protocol, 1);
    for (int i = 1; i < bounds.size(); i++) {
      int start = bounds.get(i);
      Optional<PolicyEntry> here = start > MOST_PORTS ? Optional.empty() : decide(protocol, start);
      if (start > MOST_PORTS || !here.equals(last)) {
        Condition range = new Condition.DestinationPort(first, start - 1);
        last.ifPresent(entry -> rules.add(rule(range, Set.of(protocol), entry)));
        first = start;
        last = here;
      }
    }
  }

  /** ICMP is looked up with its type in place of the port. */
  private void types(int protocol, List<EnforcedRule> rules) {
    Map<PolicyEntry, Set<Integer>> byEntry = new LinkedHashMap<>();
    for (int type = 0; type < TYPES; type++) {
      int found = type;
      decide(protocol, type)
          .ifPresent(
              entry -> byEntry.computeIfAbsent(entry, key -> new HashSet<>()).add(found));
    }
    byEntry.forEach(
        (entry, types) -> rules.add(rule(new Condition.IcmpType(types), Set.of(protocol), entry)));
  }

  private Optional<PolicyEntry> decide(int protocol, int port) {
    return order.choose(longest(exact, protocol, port), longest(wildcard, protocol, port));
  }

  private static Optional<PolicyEntry> longest(List<PolicyEntry> entries, int protocol, int port) {
    PolicyEntry longest = null;
    for (PolicyEntry entry : entries) {
      if ((longest == null || entry.bits() > longest.bits()) && entry.matches(protocol, port)) {
        longest = entry;
      }
    }
    return Optional.ofNullable(longest);
  }

  private EnforcedRule rule(Condition ports, Set<Integer> protocols, PolicyEntry entry) {
    List<Condition> conditions = new ArrayList<>();
    if (protocols.size() < PROTOCOLS) {
      conditions.add(new Condition.IpProtocol(protocols));
    }
    if (!ports.equals(Condition.ALWAYS)) {
      conditions.add(ports);
    }
    RuleAction action = entry.deny()
        ? RuleAction.DROP
        : entry.diverts() || entry.mayPassOn(order)
            ? new RuleAction.Unknown(entry.toString())
            : RuleAction.ACCEPT;
    return new EnforcedRule(
        Condition.all(conditions.toArray(Condition[]::new)),
        action,
        entry.toString(),
        entry.origin());
  }
}
