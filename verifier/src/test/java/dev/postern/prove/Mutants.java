package dev.postern.prove;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Rules that are slightly wrong: what a writer, or somebody's hand on a node, might get wrong. */
final class Mutants {

  enum Kind {
    DROPPED_RULE,
    SWAPPED_SIDES,
    PORT_OFF_BY_ONE,
    PREFIX_OFF_BY_ONE,
    LOST_MEMBER,
    WRONG_JUMP,
    OTHER_ACTION,
    LOST_CONDITION,
    MARK_MASK,
    SWAPPED_ORDER
  }

  private final Random random;

  Mutants(Random random) {
    this.random = random;
  }

  /** The rules with one rule changed; empty if that kind of change finds no place. */
  Optional<EnforcedRules> mutate(EnforcedRules rules, Kind kind) {
    List<Chain> chains = new ArrayList<>(rules.chains().values());
    for (int tries = 0; tries < 200; tries++) {
      Chain chain = chains.get(random.nextInt(chains.size()));
      if (chain.rules().isEmpty()) {
        continue;
      }
      int at = random.nextInt(chain.rules().size());
      List<EnforcedRule> changed = new ArrayList<>(chain.rules());
      EnforcedRule rule = changed.get(at);
      switch (kind) {
        case DROPPED_RULE -> changed.remove(at);
        case SWAPPED_ORDER -> {
          changed.remove(at);
          changed.add(random.nextInt(changed.size() + 1), rule);
        }
        default -> {
          boolean acts = Set.of(Kind.WRONG_JUMP, Kind.OTHER_ACTION).contains(kind)
              || (kind == Kind.MARK_MASK && rule.action() instanceof RuleAction.MapMark);
          Condition condition = acts ? rule.condition() : condition(rule.condition(), kind);
          RuleAction action = acts ? action(rule.action(), kind, chains) : rule.action();
          if (condition.equals(rule.condition()) && action.equals(rule.action())) {
            continue;
          }
          changed.set(
              at, new EnforcedRule(condition, action, "mutated: " + rule.text(), rule.origin()));
        }
      }
      if (!changed.equals(chain.rules())) {
        Map<String, Chain> all = new LinkedHashMap<>(rules.chains());
        all.put(chain.name(), new Chain(chain.name(), changed));
        try {
          return Optional.of(new EnforcedRules(rules.stages(), all));
        } catch (IllegalArgumentException loop) {
          continue;
        }
      }
    }
    return Optional.empty();
  }

  private RuleAction action(RuleAction action, Kind kind, List<Chain> chains) {
    if (kind == Kind.WRONG_JUMP && action instanceof RuleAction.Jump) {
      return new RuleAction.Jump(chains.get(random.nextInt(chains.size())).name());
    }
    if (kind == Kind.OTHER_ACTION) {
      return List.of(RuleAction.ACCEPT, RuleAction.DROP, RuleAction.RETURN, RuleAction.CONTINUE)
          .get(random.nextInt(4));
    }
    if (kind == Kind.MARK_MASK && action instanceof RuleAction.MapMark map) {
      List<RuleAction.MapMark.Entry> entries = new ArrayList<>(map.entries());
      int at = random.nextInt(entries.size());
      RuleAction.MapMark.Entry entry = entries.get(at);
      entries.set(
          at,
          random.nextBoolean()
              ? new RuleAction.MapMark.Entry(entry.addresses(), entry.value() ^ bit(), entry.mask())
              : new RuleAction.MapMark.Entry(
                  entry.addresses(), entry.value(), entry.mask() ^ bit()));
      return new RuleAction.MapMark(map.source(), entries);
    }
    return action;
  }

  private int bit() {
    return 1 << random.nextInt(4) + (random.nextBoolean() ? 16 : 0);
  }

  /** A condition with one thing changed in one of its parts. */
  private Condition condition(Condition condition, Kind kind) {
    if (condition instanceof Condition.All all) {
      List<Condition> parts = new ArrayList<>(all.conditions());
      if (parts.isEmpty()) {
        return condition;
      }
      int at = random.nextInt(parts.size());
      if (kind == Kind.LOST_CONDITION) {
        parts.remove(at);
      } else {
        parts.set(at, condition(parts.get(at), kind));
      }
      return new Condition.All(parts);
    }
    if (condition instanceof Condition.Any any && !any.conditions().isEmpty()) {
      List<Condition> parts = new ArrayList<>(any.conditions());
      int at = random.nextInt(parts.size());
      parts.set(at, condition(parts.get(at), kind));
      return new Condition.Any(parts);
    }
    if (condition instanceof Condition.Not not) {
      return kind == Kind.LOST_CONDITION
          ? not.condition()
          : new Condition.Not(condition(not.condition(), kind));
    }
    if (condition instanceof Condition.SourceAddress source) {
      return kind == Kind.SWAPPED_SIDES
          ? new Condition.DestinationAddress(source.addresses())
          : new Condition.SourceAddress(addresses(source.addresses(), kind));
    }
    if (condition instanceof Condition.DestinationAddress destination) {
      return kind == Kind.SWAPPED_SIDES
          ? new Condition.SourceAddress(destination.addresses())
          : new Condition.DestinationAddress(addresses(destination.addresses(), kind));
    }
    if (condition instanceof Condition.DestinationPort port && kind == Kind.PORT_OFF_BY_ONE) {
      int by = random.nextBoolean() ? 1 : -1;
      return random.nextBoolean()
          ? new Condition.DestinationPort(Math.min(port.first() + by, port.last()), port.last())
          : new Condition.DestinationPort(port.first(), Math.max(port.last() + by, port.first()));
    }
    if (condition instanceof Condition.Mark mark && kind == Kind.MARK_MASK) {
      return new Condition.Mark(mark.value(), mark.mask() ^ bit());
    }
    if (condition instanceof Condition.State && kind == Kind.LOST_MEMBER) {
      return new Condition.State(Set.of(Condition.ConnectionState.ESTABLISHED));
    }
    return condition;
  }

  private AddressSet addresses(AddressSet set, Kind kind) {
    if (set.isEmpty() || (kind != Kind.LOST_MEMBER && kind != Kind.PREFIX_OFF_BY_ONE)) {
      return set;
    }
    AddressRange range = set.ranges().get(random.nextInt(set.ranges().size()));
    AddressSet rest = set.minus(AddressSet.of(range));
    if (kind == Kind.LOST_MEMBER) {
      return rest;
    }
    boolean wider = random.nextBoolean();
    Address first = range.first();
    Address last = range.last();
    if (random.nextBoolean()) {
      last = wider
          ? (last.isLast() ? last : last.next())
          : last.equals(first) ? last : last.previous();
    } else {
      first = wider
          ? (first.isFirst() ? first : first.previous())
          : first.equals(last) ? first : first.next();
    }
    return rest.union(AddressSet.of(new AddressRange(first, last)));
  }
}
