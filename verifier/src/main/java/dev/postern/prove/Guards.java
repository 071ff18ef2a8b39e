package dev.postern.prove;

import dev.postern.enforced.Action;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jumps that only packets of policed pods on one side take, to chains that do nothing but drop or come back. Who asks about the other side
 * can leave them out: a packet that takes such a jump is dropped there or goes on as if it had not, so that what is dropped elsewhere is
 * dropped anyhow. No such jump leads to another of the kind, so that each place that drops is seen from one side at least.
 */
final class Guards {

  private final EnforcedRules rules;
  private final AddressSet policed;
  private final Map<String, Boolean> quiet = new HashMap<>();
  private final Map<Rule, Optional<Direction>> guards = new IdentityHashMap<>();

  Guards(EnforcedRules rules, AddressSet policed) {
    this.rules = rules;
    this.policed = policed;
  }

  /** Whether there are any: else nothing is gained by asking about one side. */
  boolean any() {
    return rules.chains().values().stream()
        .flatMap(chain -> chain.rules().stream())
        .anyMatch(rule -> of(rule).isPresent());
  }

  /** The side that a rule is about, if it is such a jump: egress for sources. */
  Optional<Direction> of(Rule rule) {
    return guards.computeIfAbsent(
        rule,
        r -> rule.action() instanceof Action.Jump jump && isQuiet(jump.chain())
            ? guarded(rule.condition())
            : Optional.empty());
  }

  private Optional<Direction> guarded(Condition condition) {
    List<Condition> parts =
        condition instanceof Condition.All all ? all.conditions() : List.of(condition);
    for (Condition part : parts) {
      if (part instanceof Condition.Source source && isPoliced(source.addresses())) {
        return Optional.of(Direction.EGRESS);
      }
      if (part instanceof Condition.Destination destination && isPoliced(destination.addresses())) {
        return Optional.of(Direction.INGRESS);
      }
    }
    return Optional.empty();
  }

  private boolean isPoliced(AddressSet set) {
    return set.ranges().stream().allMatch(range -> {
      int low = 0;
      int high = policed.ranges().size() - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        AddressRange known = policed.ranges().get(middle);
        if (known.contains(range.first())) {
          return known.contains(range.last());
        }
        if (known.first().compareTo(range.first()) < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return false;
    });
  }

  /** Whether a chain, with all that it leads to, drops or comes back, sets no mark, and holds no such jump itself. */
  private boolean isQuiet(String name) {
    Boolean known = quiet.get(name);
    if (known == null) {
      known = computeQuiet(rules.chain(name));
      quiet.put(name, known);
    }
    return known;
  }

  private boolean computeQuiet(Chain chain) {
    return chain.rules().stream().allMatch(rule -> {
      Action action = rule.action();
      if (action instanceof Action.Jump jump) {
        return isQuiet(jump.chain()) && guarded(rule.condition()).isEmpty();
      }
      if (action instanceof Action.Goto go) {
        return isQuiet(go.chain());
      }
      return action instanceof Action.Drop
          || action instanceof Action.Return
          || action instanceof Action.Continue;
    });
  }
}
