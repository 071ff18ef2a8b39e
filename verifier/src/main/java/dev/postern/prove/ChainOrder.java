package dev.postern.prove;

import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The chains of a stage, each behind all that lead to it. Where no chain gives packets back and none marks them, it makes no difference by
 * which way a packet came to a chain: so those that come by different ways can be followed together. Else each way is followed of its own,
 * and there may be as many as the product of all choices, as in tables of flows.
 */
final class ChainOrder {

  /** How many times more rules there have to be along all ways than there are, so that it is worth the union of sets. */
  private static final double MANY = 4;

  private final EnforcedRules rules;
  private final Set<String> seen = new HashSet<>();
  private final Set<String> open = new HashSet<>();
  private final List<String> order = new ArrayList<>();

  private ChainOrder(EnforcedRules rules) {
    this.rules = rules;
  }

  /** The order of the chains from one on; empty if packets of different ways have to be told apart, or there are few ways. */
  static Optional<List<String>> from(EnforcedRules rules, String first) {
    ChainOrder chains = new ChainOrder(rules);
    if (!chains.add(first)) {
      return Optional.empty();
    }
    Collections.reverse(chains.order);
    return chains.hasManyWays(first) ? Optional.of(chains.order) : Optional.empty();
  }

  /** Adds a chain behind those that it leads to; whether that can be. */
  private boolean add(String chain) {
    if (!seen.add(chain)) {
      return !open.contains(chain);
    }
    open.add(chain);
    for (EnforcedRule rule : rules.chain(chain).rules()) {
      RuleAction action = rule.action();
      boolean follows = action instanceof RuleAction.Goto go
          ? add(go.chain())
          : action instanceof RuleAction.Accept
              || action instanceof RuleAction.Drop
              || action instanceof RuleAction.Queue
              || action instanceof RuleAction.Unknown;
      if (!follows) {
        return false;
      }
    }
    open.remove(chain);
    order.add(chain);
    return true;
  }

  private boolean hasManyWays(String first) {
    Map<String, Double> ways = new HashMap<>(Map.of(first, 1.0));
    double along = 0;
    double all = 0;
    for (String chain : order) {
      double here = ways.getOrDefault(chain, 0.0);
      List<EnforcedRule> list = rules.chain(chain).rules();
      along += here * list.size();
      all += list.size();
      for (EnforcedRule rule : list) {
        if (rule.action() instanceof RuleAction.Goto go) {
          ways.merge(go.chain(), here, Double::sum);
        }
      }
    }
    return along > MANY * all;
  }
}
