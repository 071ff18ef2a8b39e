package dev.postern.prove;

import static dev.postern.prove.ReturnedMarks.isUnconditional;

import dev.postern.deadline.Deadline;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Jumps that only packets of policed pods on one side take, to chains that do nothing but drop or return. A question about the other side can
 * leave them out: a packet that takes such a jump is dropped there or goes on as if it had not taken it, so whatever is dropped elsewhere is
 * dropped in either case. What the chain does to the mark is undone right after it, or is the same for all that come back, and done without
 * the chain. No such jump leads to another of the kind, so each place that drops is seen from at least one side.
 *
 * <p>A chain that also accepts, such as packets that it takes for the node's own, is one of the kind if it does so with none of the packets that
 * may have to be dropped; that is for others to say.
 *
 * <p>A mark may stand for an address: what a set bit says of the packet is followed through the rules, over all ways that lead to a place.
 */
final class GuardedJumps {

  private final EnforcedRules rules;
  private final AddressSet policed;
  private final Predicate<EnforcedRule> acceptsNone;
  private final ReturnedMarks marks;
  private final Map<String, Boolean> quiet = new HashMap<>();
  private final Map<String, Boolean> open = new HashMap<>();
  private final Map<EnforcedRule, ImpliedEnd> guards = new IdentityHashMap<>();
  /** Rules that packets come to through a guard. */
  private final Map<EnforcedRule, Boolean> behind = new IdentityHashMap<>();

  /** What is done to the mark where such a jump is left out. */
  private final Map<EnforcedRule, RuleAction.SetMark> instead = new IdentityHashMap<>();

  private final Set<String> nested = new HashSet<>();
  private final Map<Visit, ImpliedEnd[]> visits = new HashMap<>();
  /** What set bits of the mark say where packets are accepted. */
  private final ImpliedEnd[] accepted = never();

  private boolean doubtful;

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
    this(rules, policed, jump -> false);
  }

  /**
   * The same, where somebody knows about chains that accept.
   *
   * @param acceptsNone that a jump leads to a chain which accepts no packet of a new connection between policed pods that may have to be dropped
   */
  GuardedJumps(EnforcedRules rules, AddressSet policed, Predicate<EnforcedRule> acceptsNone) {
    this.rules = rules;
    this.policed = policed;
    this.acceptsNone = acceptsNone;
    this.marks = new ReturnedMarks(rules);
    rules.chains().keySet().forEach(this::isQuiet);
    ImpliedEnd[] bits = never();
    for (Stage stage : rules.stages()) {
      join(bits, follow(stage.chain(), bits));
      join(bits, accepted);
    }
  }

  private static ImpliedEnd[] never() {
    ImpliedEnd[] bits = new ImpliedEnd[32];
    Arrays.fill(bits, ImpliedEnd.NEVER);
    return bits;
  }

  /** Whether some jumps are none of the kind only because nobody knows whom their chains accept. */
  boolean isDoubtful() {
    return doubtful;
  }

  /** What a question about some sides has for a rule: the rule, or what remains of it for those that come back from it. */
  Optional<EnforcedRule> seenFrom(Set<Direction> sides, EnforcedRule rule) {
    if (of(rule).filter(side -> !sides.contains(side)).isEmpty()) {
      return Optional.of(rule);
    }
    RuleAction.SetMark left = Objects.requireNonNull(instead.get(rule));
    return left.mask() == 0
        ? Optional.empty()
        : Optional.of(new EnforcedRule(rule.condition(), left, rule.text(), rule.origin()));
  }

  /** Whether there are any: else nothing is gained by asking about one side. */
  boolean any() {
    return guards.keySet().stream().anyMatch(rule -> of(rule).isPresent());
  }

  /** The side that a rule is about, if it is such a jump: egress for sources. */
  Optional<Direction> of(EnforcedRule rule) {
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
    ImpliedEnd[] back = never();
    List<EnforcedRule> list = rules.chain(chain).rules();
    boolean ended = false;
    for (int i = 0; i < list.size() && !ended; i++) {
      Deadline.current().check();
      EnforcedRule rule = list.get(i);
      RuleAction action = rule.action();
      if (action instanceof RuleAction.Jump jump) {
        jump(rule, jump.chain(), list.subList(i + 1, list.size()), bits);
      } else if (action instanceof RuleAction.Goto go) {
        join(back, follow(go.chain(), bits));
      } else if (action instanceof RuleAction.Return) {
        join(back, bits);
      } else if (action instanceof RuleAction.Accept
          || action instanceof RuleAction.Queue
          || action instanceof RuleAction.Unknown) {
        join(accepted, bits);
      } else {
        mark(bits, rule);
      }
      ended = isUnconditional(rule)
          && (action instanceof RuleAction.Goto
              || action instanceof RuleAction.Return
              || action instanceof RuleAction.Accept
              || action instanceof RuleAction.Drop);
    }
    if (!ended) {
      join(back, bits);
    }
    visits.put(visit, back);
    return back;
  }

  private void jump(
      EnforcedRule rule, String chain, List<EnforcedRule> following, ImpliedEnd[] bits) {
    ImpliedEnd says = says(rule.condition(), bits);
    ReturnedMarks.Effect effect = marks.of(chain);
    boolean forgotten = isForgotten(effect.changed(), following);
    if (side(says).isPresent()
        && isQuiet(chain, open, true)
        && (forgotten || isForgotten(effect.open(), following))
        && acceptsNone(rule, chain)) {
      guards.merge(rule, says, ImpliedEnd::or);
      instead.put(rule, forgotten ? new RuleAction.SetMark(0, 0) : effect.action());
      nest(chain);
      mark(bits, effect.set(), 0, false, ImpliedEnd.NOTHING);
    } else {
      guards.put(rule, ImpliedEnd.NOTHING);
      join(bits, follow(chain, bits));
    }
  }

  private boolean acceptsNone(EnforcedRule rule, String chain) {
    if (isQuiet(chain)) {
      return true;
    }
    doubtful = true;
    return acceptsNone.test(rule);
  }

  private void mark(ImpliedEnd[] bits, EnforcedRule rule) {
    RuleAction action = rule.action();
    if (action instanceof RuleAction.SetMark set) {
      mark(bits, set.value(), set.mask(), isUnconditional(rule), says(rule.condition(), bits));
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

  /** Notes that what a chain leads to is behind a guard already, so that it is none itself. */
  private void nest(String chain) {
    if (nested.add(chain)) {
      for (EnforcedRule rule : rules.chain(chain).rules()) {
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
    if (condition instanceof Condition.SourceAddress source) {
      return isPoliced(source.addresses()) ? ImpliedEnd.SOURCE : ImpliedEnd.NOTHING;
    }
    if (condition instanceof Condition.DestinationAddress destination) {
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

  /** Whether what a chain did to some bits of the mark is undone before anybody can see it. */
  private static boolean isForgotten(int marked, List<EnforcedRule> following) {
    return marked == 0
        || (!following.isEmpty()
            && isUnconditional(following.get(0))
            && following.get(0).action() instanceof RuleAction.SetMark set
            && (marked & ~set.mask()) == 0);
  }

  /** Whether a chain, with all that it leads to, does nothing to a packet's fate but drop it or come back. */
  boolean isQuiet(String name) {
    return isQuiet(name, quiet, false);
  }

  private boolean isQuiet(String name, Map<String, Boolean> chains, boolean accepts) {
    Boolean known = chains.get(name);
    if (known == null) {
      known = rules.chain(name).rules().stream()
          .allMatch(rule -> isQuiet(rule.action(), chains, accepts));
      chains.put(name, known);
    }
    return known;
  }

  private boolean isQuiet(RuleAction action, Map<String, Boolean> chains, boolean accepts) {
    if (action instanceof RuleAction.Jump jump) {
      return isQuiet(jump.chain(), chains, accepts);
    }
    if (action instanceof RuleAction.Goto go) {
      return isQuiet(go.chain(), chains, accepts);
    }
    return action instanceof RuleAction.Drop
        || accepts && action instanceof RuleAction.Accept
        || action instanceof RuleAction.Return
        || action instanceof RuleAction.SetMark
        || action instanceof RuleAction.MapMark
        || action instanceof RuleAction.UnknownMark
        || action instanceof RuleAction.Continue;
  }
}
