package dev.postern.prove;

import dev.postern.deadline.Deadline;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Jumps that only packets of policed pods on one side take, to chains that do nothing but drop or return. A question about the other side can
 * leave them out: a packet that takes such a jump is dropped there or goes on as if it had not taken it, so whatever is dropped elsewhere is
 * dropped in either case. What the chain does to the mark is undone right after it. No such jump leads to another of the kind, so each place
 * that drops is seen from at least one side.
 *
 * <p>A mark may stand for an address: what a set bit says of the packet is followed through the rules, over all ways that lead to a place.
 */
final class GuardedJumps {

  private final EnforcedRules rules;
  private final AddressSet policed;
  private final Map<String, Boolean> quiet = new HashMap<>();
  private final Map<String, Integer> marked = new HashMap<>();
  private final Map<Rule, ImpliedEnd> guards = new IdentityHashMap<>();
  /** Rules that packets come to through a guard. */
  private final Map<Rule, Boolean> behind = new IdentityHashMap<>();

  private final Set<String> nested = new HashSet<>();
  private final Map<Visit, ImpliedEnd[]> visits = new HashMap<>();

  /** What is known where something holds. */
  private enum ImpliedEnd {
    /** It never holds. */
    NEVER,
    /** The source is a policed pod. */
    SOURCE,
    /** The destination is a policed pod. */
    DESTINATION,
    NOTHING;

    /** What is known where one or the other holds. */
    ImpliedEnd or(ImpliedEnd other) {
      return this == other || other == NEVER ? this : this == NEVER ? other : NOTHING;
    }

    /** What is known where both hold. */
    ImpliedEnd and(ImpliedEnd other) {
      return this == NEVER || other == NEVER
          ? NEVER
          : this == NOTHING ? other : other == NOTHING || this == SOURCE ? this : other;
    }
  }

  GuardedJumps(EnforcedRules rules, AddressSet policed) {
    this.rules = rules;
    this.policed = policed;
    rules.chains().keySet().forEach(this::isQuiet);
    ImpliedEnd[] bits = new ImpliedEnd[32];
    Arrays.fill(bits, ImpliedEnd.NEVER);
    for (Stage stage : rules.stages()) {
      join(bits, follow(stage.chain(), bits));
    }
  }

  /** Whether there are any: else nothing is gained by asking about one side. */
  boolean any() {
    return guards.keySet().stream().anyMatch(rule -> of(rule).isPresent());
  }

  /** The side that a rule is about, if it is such a jump: egress for sources. */
  Optional<Direction> of(Rule rule) {
    return behind.containsKey(rule)
        ? Optional.empty()
        : side(guards.getOrDefault(rule, ImpliedEnd.NOTHING));
  }

  private static Optional<Direction> side(ImpliedEnd says) {
    return switch (says) {
      case SOURCE -> Optional.of(Direction.EGRESS);
      case DESTINATION -> Optional.of(Direction.INGRESS);
      case NEVER, NOTHING -> Optional.empty();
    };
  }

  /** A chain that packets come to with marks that say this. */
  private record Visit(String chain, List<ImpliedEnd> bits) {}

  /** What set bits of the mark say after a chain, if they said this before. */
  private ImpliedEnd[] follow(String chain, ImpliedEnd[] before) {
    Visit visit = new Visit(chain, List.of(before));
    ImpliedEnd[] known = visits.get(visit);
    if (known != null) {
      return known;
    }
    ImpliedEnd[] bits = before.clone();
    List<Rule> list = rules.chain(chain).rules();
    for (int i = 0; i < list.size(); i++) {
      Deadline.current().check();
      Rule rule = list.get(i);
      ImpliedEnd says = says(rule.condition(), bits);
      RuleAction action = rule.action();
      if (action instanceof RuleAction.Jump jump
          && side(says).isPresent()
          && isQuiet(jump.chain())
          && isForgotten(marked(jump.chain()), list.subList(i + 1, list.size()))) {
        guards.merge(rule, says, ImpliedEnd::or);
        nest(jump.chain());
        mark(bits, marked(jump.chain()), 0, false, ImpliedEnd.NOTHING);
      } else if (action instanceof RuleAction.Jump jump) {
        guards.put(rule, ImpliedEnd.NOTHING);
        join(bits, follow(jump.chain(), bits));
      } else if (action instanceof RuleAction.Goto go) {
        join(bits, follow(go.chain(), bits));
      } else if (action instanceof RuleAction.SetMark set) {
        mark(bits, set.value(), set.mask(), isUnconditional(rule), says);
      } else if (action instanceof RuleAction.UnknownMark lost) {
        mark(bits, lost.mask(), 0, false, ImpliedEnd.NOTHING);
      } else if (action instanceof RuleAction.MapMark map) {
        for (RuleAction.MapMark.Entry entry : map.entries()) {
          ImpliedEnd holds = isPoliced(entry.addresses())
              ? map.source() ? ImpliedEnd.SOURCE : ImpliedEnd.DESTINATION
              : ImpliedEnd.NOTHING;
          mark(bits, entry.value(), entry.mask(), false, holds);
        }
      }
    }
    visits.put(visit, bits);
    return bits;
  }

  /** Notes that what a chain leads to is behind a guard already, so that it is none itself. */
  private void nest(String chain) {
    if (nested.add(chain)) {
      for (Rule rule : rules.chain(chain).rules()) {
        behind.put(rule, true);
        if (rule.action() instanceof RuleAction.Jump jump) {
          nest(jump.chain());
        } else if (rule.action() instanceof RuleAction.Goto go) {
          nest(go.chain());
        }
      }
    }
  }

  private static void mark(
      ImpliedEnd[] bits, int value, int mask, boolean every, ImpliedEnd holds) {
    for (int bit = 0; bit < bits.length; bit++) {
      boolean one = (value >>> bit & 1) == 1;
      if (one) {
        bits[bit] = bits[bit].or((mask >>> bit & 1) == 1 ? holds : ImpliedEnd.NOTHING);
      } else if (every && (mask >>> bit & 1) == 1) {
        bits[bit] = ImpliedEnd.NEVER;
      }
    }
  }

  private static void join(ImpliedEnd[] bits, ImpliedEnd[] others) {
    for (int bit = 0; bit < bits.length; bit++) {
      bits[bit] = bits[bit].or(others[bit]);
    }
  }

  private ImpliedEnd says(Condition condition, ImpliedEnd[] bits) {
    if (condition instanceof Condition.All all) {
      return all.conditions().stream()
          .map(part -> says(part, bits))
          .reduce(ImpliedEnd.NOTHING, ImpliedEnd::and);
    }
    if (condition instanceof Condition.Source source) {
      return isPoliced(source.addresses()) ? ImpliedEnd.SOURCE : ImpliedEnd.NOTHING;
    }
    if (condition instanceof Condition.Destination destination) {
      return isPoliced(destination.addresses()) ? ImpliedEnd.DESTINATION : ImpliedEnd.NOTHING;
    }
    if (condition instanceof Condition.Mark mark) {
      ImpliedEnd result = ImpliedEnd.NOTHING;
      for (int bit = 0; bit < bits.length; bit++) {
        if ((mark.value() >>> bit & 1) == 1) {
          result = result.and(bits[bit]);
        }
      }
      return result;
    }
    if (condition instanceof Condition.Not not
        && not.condition() instanceof Condition.Mark mark
        && mark.value() == 0) {
      ImpliedEnd result = ImpliedEnd.NEVER;
      for (int bit = 0; bit < bits.length; bit++) {
        if ((mark.mask() >>> bit & 1) == 1) {
          result = result.or(bits[bit]);
        }
      }
      return result;
    }
    return ImpliedEnd.NOTHING;
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

  private static boolean isUnconditional(Rule rule) {
    return rule.condition() instanceof Condition.All all && all.conditions().isEmpty();
  }

  /** Whether what a chain did to some bits of the mark is undone before anybody can see it. */
  private static boolean isForgotten(int marked, List<Rule> following) {
    return marked == 0
        || (!following.isEmpty()
            && isUnconditional(following.get(0))
            && following.get(0).action() instanceof RuleAction.SetMark set
            && (marked & ~set.mask()) == 0);
  }

  /** The bits of the mark that a chain, with all that it leads to, may change. */
  private int marked(String chain) {
    Integer before = marked.get(chain);
    if (before == null) {
      before = rules.chain(chain).rules().stream()
          .map(rule -> changed(rule.action()))
          .reduce(0, (a, b) -> a | b);
      marked.put(chain, before);
    }
    return before;
  }

  private int changed(RuleAction action) {
    if (action instanceof RuleAction.SetMark set) {
      return set.value() | set.mask();
    }
    if (action instanceof RuleAction.UnknownMark lost) {
      return lost.mask();
    }
    if (action instanceof RuleAction.MapMark map) {
      return map.entries().stream()
          .map(entry -> entry.value() | entry.mask())
          .reduce(0, (a, b) -> a | b);
    }
    return action instanceof RuleAction.Jump jump
        ? marked(jump.chain())
        : action instanceof RuleAction.Goto go ? marked(go.chain()) : 0;
  }

  /** Whether a chain, with all that it leads to, does nothing to a packet's fate but drop it or come back. */
  boolean isQuiet(String name) {
    Boolean known = quiet.get(name);
    if (known == null) {
      known = rules.chain(name).rules().stream().allMatch(this::isQuiet);
      quiet.put(name, known);
    }
    return known;
  }

  private boolean isQuiet(Rule rule) {
    RuleAction action = rule.action();
    if (action instanceof RuleAction.Jump jump) {
      return isQuiet(jump.chain());
    }
    if (action instanceof RuleAction.Goto go) {
      return isQuiet(go.chain());
    }
    return action instanceof RuleAction.Drop
        || action instanceof RuleAction.Return
        || action instanceof RuleAction.SetMark
        || action instanceof RuleAction.MapMark
        || action instanceof RuleAction.UnknownMark
        || action instanceof RuleAction.Continue;
  }
}
