package dev.postern.aws.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Action;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.EnforcedRules.Stage;
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
    List<Rule> rules = new ArrayList<>();
    rules.add(rule(new Condition.IpProtocol(Set.of(58)), Action.ACCEPT, "ICMPv6"));
    rules.add(rule(
        new Condition.State(Set.of(ConnectionState.ESTABLISHED)),
        Action.ACCEPT,
        "a connection that is known"));
    for (Side side : sides) {
      if (side.direction != direction) {
        continue;
      }
      Condition at = direction == Direction.EGRESS
          ? new Condition.Source(side.addresses)
          : new Condition.Destination(side.addresses);
      if (side.maps.isEmpty()) {
        rules.add(rule(at, new Action.Unknown(side.gap), side.gap));
      } else {
        String chain = name + " of " + side.pod;
        chains.put(chain, new Chain(chain, peers(direction, side.maps.get())));
        rules.add(rule(at, new Action.Goto(chain), "the maps of " + side.pod));
      }
    }
    chains.put(name, new Chain(name, rules));
    return new Stage(name, Condition.ALWAYS, name, Ending.ACCEPT);
  }

  private List<Rule> peers(Direction direction, PodMaps maps) {
    List<Rule> rules = new ArrayList<>();
    if (maps.state() == PodMaps.State.MISSING) {
      return List.of(rule(Condition.ALWAYS, Action.DROP, "a pod state is missing"));
    }
    maps.slots().forEach((slots, peers) -> {
      Condition there = direction == Direction.EGRESS
          ? new Condition.Destination(peers)
          : new Condition.Source(peers);
      rules.add(rule(there, new Action.Goto(chain(slots)), "a prefix of the trie"));
    });
    rules.add(rule(
        Condition.ALWAYS,
        maps.state() == PodMaps.State.DEFAULT_ALLOW ? Action.ACCEPT : Action.DROP,
        "no prefix: " + maps.state()));
    return rules;
  }

  private String chain(Slots slots) {
    return known.computeIfAbsent(slots, key -> {
      String name = "slots " + (known.size() + 1);
      chains.put(name, new Chain(name, key.rules()));
      return name;
    });
  }

  private static Rule rule(Condition condition, Action action, String text) {
    return new Rule(condition, action, text, Origin.NONE);
  }
}
