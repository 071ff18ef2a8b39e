package dev.postern.cilium.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns the identities of addresses and the endpoints' policy maps into rules. */
final class CiliumReader {

  /**
   * An endpoint of the node.
   *
   * @param name the pod, for messages
   * @param addresses its addresses
   * @param unknown those of its addresses of which ipcache has no entry, so that it is not known whether the agent has them at all
   * @param entries its policy map; empty if there is no dump of it
   */
  record Endpoint(
      String name, AddressSet addresses, AddressSet unknown, Optional<List<PolicyEntry>> entries) {}

  private final Map<Integer, AddressSet> identities;
  private final DecisionOrder order;
  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final Map<PolicyMapLookup, String> lookups = new HashMap<>();

  private CiliumReader(Map<Integer, AddressSet> identities, DecisionOrder order) {
    this.identities = identities;
    this.order = order;
  }

  static EnforcedRules rules(
      Map<Integer, AddressSet> identities, DecisionOrder order, List<Endpoint> endpoints) {
    CiliumReader reader = new CiliumReader(identities, order);
    List<Stage> stages = List.of(
        reader.stage(Direction.EGRESS, endpoints), reader.stage(Direction.INGRESS, endpoints));
    return new EnforcedRules(stages, reader.chains);
  }

  private Stage stage(Direction direction, List<Endpoint> endpoints) {
    String name = direction.name().toLowerCase(Locale.ROOT);
    List<EnforcedRule> rules = new ArrayList<>();
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
    for (Endpoint endpoint : endpoints) {
      if (!endpoint.unknown.isEmpty()) {
        String missing = "ipcache has no entry for " + endpoint.unknown + " of " + endpoint.name;
        rules.add(rule(at(direction, endpoint.unknown), new RuleAction.Unknown(missing), missing));
      }
      Condition at = at(direction, endpoint.addresses);
      if (endpoint.entries.isEmpty()) {
        String missing = "no dump of the policy map of " + endpoint.name;
        rules.add(rule(at, new RuleAction.Unknown(missing), missing));
      } else if (endpoint.entries.get().stream().anyMatch(PolicyEntry::isAggregate)) {
        String newer = "the policy map of " + endpoint.name
            + " has entries for identities 11 to 14, which stand for many peers since Cilium 1.20;"
            + " its look-ups are not followed";
        rules.add(rule(at, new RuleAction.Unknown(newer), newer));
      } else {
        String chain = name + " of " + endpoint.name;
        chains.put(chain, new Chain(chain, peers(direction, endpoint.entries.get())));
        rules.add(rule(at, new RuleAction.Goto(chain), "the policy map of " + endpoint.name));
      }
    }
    chains.put(name, new Chain(name, rules));
    return new Stage(name, Condition.ALWAYS, name, Ending.ACCEPT);
  }

  private static Condition at(Direction direction, AddressSet addresses) {
    return direction == Direction.EGRESS
        ? new Condition.SourceAddress(addresses)
        : new Condition.DestinationAddress(addresses);
  }

  /** Peers with entries of their own, then all others. */
  private List<EnforcedRule> peers(Direction direction, List<PolicyEntry> entries) {
    SortedMap<Integer, List<PolicyEntry>> byIdentity = new TreeMap<>();
    for (PolicyEntry entry : entries) {
      if (entry.direction() == direction) {
        byIdentity.computeIfAbsent(entry.identity(), key -> new ArrayList<>()).add(entry);
      }
    }
    List<PolicyEntry> wildcard = byIdentity.getOrDefault(0, List.of());
    List<EnforcedRule> rules = new ArrayList<>();
    byIdentity.forEach((identity, exact) -> {
      AddressSet peers = identities.getOrDefault(identity, AddressSet.EMPTY);
      if (identity != 0 && !peers.isEmpty()) {
        Condition there = direction == Direction.EGRESS
            ? new Condition.DestinationAddress(peers)
            : new Condition.SourceAddress(peers);
        String chain = chain(new PolicyMapLookup(exact, wildcard, order));
        rules.add(rule(there, new RuleAction.Goto(chain), "identity " + identity));
      }
    });
    String others = chain(new PolicyMapLookup(List.of(), wildcard, order));
    rules.add(rule(Condition.ALWAYS, new RuleAction.Goto(others), "any other identity"));
    return rules;
  }

  private String chain(PolicyMapLookup lookup) {
    return lookups.computeIfAbsent(lookup, key -> {
      List<EnforcedRule> rules = new ArrayList<>(key.rules());
      rules.add(rule(Condition.ALWAYS, RuleAction.DROP, "no entry"));
      String name = "look-up " + (lookups.size() + 1);
      chains.put(name, new Chain(name, rules));
      return name;
    });
  }

  private static EnforcedRule rule(Condition condition, RuleAction action, String text) {
    return new EnforcedRule(condition, action, text, Origin.NONE);
  }
}
