package dev.postern.aws.reader;

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

/** Turns pods' maps into rules. */
final class AwsReader {

  /**
   * A pod's interface in one direction.
   *
   * @param maps empty if there is no dump of them, or one that holds what is not read
   * @param gap why they are empty
   */
  record Side(
      String pod, Direction direction, AddressSet addresses, Optional<PodMaps> maps, String gap) {}

  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final Map<Slots, String> known = new HashMap<>();

  private AwsReader() {}

  static EnforcedRules rules(List<Side> sides) {
    AwsReader reader = new AwsReader();
    List<Stage> stages =
        List.of(reader.stage(Direction.EGRESS, sides), reader.stage(Direction.INGRESS, sides));
    return new EnforcedRules(stages, reader.chains);
  }

  private Stage stage(Direction direction, List<Side> sides) {
    String name = direction.name().toLowerCase(Locale.ROOT);
    List<EnforcedRule> rules = new ArrayList<>();
    rules.add(rule(new Condition.IpProtocol(Set.of(58)), RuleAction.ACCEPT, "ICMPv6"));
    rules.add(rule(
        new Condition.State(Set.of(ConnectionState.ESTABLISHED)),
        RuleAction.ACCEPT,
        "a connection that is known"));
    for (Side side : sides) {
      if (side.direction != direction) {
        continue;
      }
      Condition at = direction == Direction.EGRESS
          ? new Condition.SourceAddress(side.addresses)
          : new Condition.DestinationAddress(side.addresses);
      if (side.maps.isEmpty()) {
        rules.add(rule(at, new RuleAction.Unknown(side.gap), side.gap));
      } else {
        String chain = name + " of " + side.pod;
        chains.put(chain, new Chain(chain, clusterPolicies(chain, direction, side.maps.get())));
        rules.add(rule(at, new RuleAction.Goto(chain), "the maps of " + side.pod));
      }
    }
    chains.put(name, new Chain(name, rules));
    return new Stage(name, Condition.ALWAYS, name, Ending.ACCEPT);
  }

  /** First the admin tier, by peers with cluster policies; what it passes on goes by the pod's own policies, then by the baseline. */
  private List<EnforcedRule> clusterPolicies(String name, Direction direction, PodMaps maps) {
    if (maps.state() == PodMaps.State.MISSING) {
      return List.of(rule(Condition.ALWAYS, RuleAction.DROP, "a pod state is missing"));
    }
    List<EnforcedRule> rules = new ArrayList<>();
    maps.cluster().forEach((slots, peers) -> {
      String chain = name + ", cluster policies " + (rules.size() + 1);
      chains.put(
          chain, new Chain(chain, slots.rules(baseline -> own(name, direction, maps, baseline))));
      rules.add(
          rule(at(direction, peers), new RuleAction.Goto(chain), "a prefix of cluster policies"));
    });
    rules.addAll(peers(direction, maps, ClusterSlots.PASS));
    return rules;
  }

  private RuleAction own(String name, Direction direction, PodMaps maps, int baseline) {
    String chain =
        name + ", where the baseline " + ClusterSlots.word(baseline) + " (" + baseline + ")";
    if (!chains.containsKey(chain)) {
      chains.put(chain, new Chain(chain, peers(direction, maps, baseline)));
    }
    return new RuleAction.Goto(chain);
  }

  private static Condition at(Direction direction, AddressSet peers) {
    return direction == Direction.EGRESS
        ? new Condition.DestinationAddress(peers)
        : new Condition.SourceAddress(peers);
  }

  private List<EnforcedRule> peers(Direction direction, PodMaps maps, int baseline) {
    List<EnforcedRule> rules = new ArrayList<>();
    maps.slots()
        .forEach((slots, peers) -> rules.add(
            rule(at(direction, peers), new RuleAction.Goto(chain(slots)), "a prefix of the trie")));
    boolean passes = maps.state() != PodMaps.State.POLICIES_APPLIED
        && (baseline == ClusterSlots.ALLOW
            || baseline == ClusterSlots.PASS && maps.state() == PodMaps.State.DEFAULT_ALLOW);
    rules.add(rule(
        Condition.ALWAYS,
        passes ? RuleAction.ACCEPT : RuleAction.DROP,
        "no prefix: " + maps.state() + ", the baseline " + ClusterSlots.word(baseline)));
    return rules;
  }

  private String chain(Slots slots) {
    return known.computeIfAbsent(slots, key -> {
      String name = "slots " + (known.size() + 1);
      chains.put(name, new Chain(name, key.rules()));
      return name;
    });
  }

  private static EnforcedRule rule(Condition condition, RuleAction action, String text) {
    return new EnforcedRule(condition, action, text, Origin.NONE);
  }
}
