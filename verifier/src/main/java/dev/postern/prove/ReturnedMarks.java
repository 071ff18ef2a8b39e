package dev.postern.prove;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What chains do to the mark of the packets that come back from them. */
final class ReturnedMarks {

  /**
   * What may have become of each bit of the mark, over all ways.
   *
   * @param kept bits that may be as before
   * @param cleared bits that may be 0 whatever they were
   * @param set bits that may be 1 whatever they were
   */
  record Effect(int kept, int cleared, int set) {
    private static final Effect NONE = new Effect(-1, 0, 0);
    /** No packet takes such a way. */
    private static final Effect NEVER = new Effect(0, 0, 0);

    /** The bits that may have another value than before. */
    int changed() {
      return cleared | set;
    }

    /** The bits of which it depends what becomes of them. */
    int open() {
      return kept & cleared | kept & set | cleared & set;
    }

    /** The same for all that come back, but for bits of which it depends. */
    RuleAction.SetMark action() {
      return new RuleAction.SetMark(set & ~open(), changed() & ~open());
    }

    private Effect or(Effect other) {
      return new Effect(kept | other.kept, cleared | other.cleared, set | other.set);
    }

    private Effect then(Effect next) {
      return new Effect(
          kept & next.kept, cleared & next.kept | next.cleared, set & next.kept | next.set);
    }

    private static Effect of(RuleAction.SetMark action) {
      int flipped = action.value() & ~action.mask();
      return unclear(flipped)
          .then(new Effect(
              ~action.mask(), action.mask() & ~action.value(), action.mask() & action.value()));
    }

    private static Effect unclear(int bits) {
      return new Effect(~bits, bits, bits);
    }
  }

  private final EnforcedRules rules;
  private final Map<String, Effect> known = new HashMap<>();

  ReturnedMarks(EnforcedRules rules) {
    this.rules = rules;
  }

  /** What a chain, with all that it leads to, does. */
  Effect of(String chain) {
    Effect before = known.get(chain);
    if (before == null) {
      before = follow(chain);
      known.put(chain, before);
    }
    return before;
  }

  private Effect follow(String chain) {
    Effect here = Effect.NONE;
    Effect back = Effect.NEVER;
    List<EnforcedRule> list = rules.chain(chain).rules();
    for (int i = 0; i < list.size() && !here.equals(Effect.NEVER); i++) {
      EnforcedRule rule = list.get(i);
      RuleAction action = rule.action();
      Effect past = here.then(after(action));
      if (action instanceof RuleAction.Return) {
        back = back.or(here);
      } else if (action instanceof RuleAction.Goto go) {
        back = back.or(here.then(of(go.chain())));
      }
      here = isUnconditional(rule) ? past : here.or(past);
    }
    return back.or(here);
  }

  /** What an action does to those that come to the next rule after it. */
  private Effect after(RuleAction action) {
    if (action instanceof RuleAction.Jump jump) {
      return of(jump.chain());
    }
    if (action instanceof RuleAction.SetMark set) {
      return Effect.of(set);
    }
    if (action instanceof RuleAction.MapMark map) {
      return Effect.unclear(map.entries().stream()
          .map(entry -> entry.value() | entry.mask())
          .reduce(0, (a, b) -> a | b));
    }
    if (action instanceof RuleAction.UnknownMark lost) {
      return Effect.unclear(lost.mask());
    }
    return action instanceof RuleAction.Continue || action instanceof RuleAction.Unknown
        ? Effect.NONE
        : Effect.NEVER;
  }

  static boolean isUnconditional(EnforcedRule rule) {
    return rule.condition() instanceof Condition.All all && all.conditions().isEmpty();
  }
}
