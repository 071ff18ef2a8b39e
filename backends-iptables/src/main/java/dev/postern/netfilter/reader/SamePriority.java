package dev.postern.netfilter.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.netfilter.reader.Plane.Hook;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hooks of one point and priority. The kernel calls the one that was registered last first ({@code nf_hook_entries_grow}), and no dump shows
 * when that was. Which packets are dropped does not depend on the order, unless one chain reads a mark that another one sets.
 */
final class SamePriority {

  private final List<Hook> hooks;
  private final Map<String, Chain> chains;
  private final Map<String, Integer> changed = new HashMap<>();

  SamePriority(List<Hook> hooks, Map<String, Chain> chains) {
    this.hooks = List.copyOf(hooks);
    this.chains = Map.copyOf(chains);
  }

  /** The bits of the mark that others of the same priority may have changed before this one is asked, or not. */
  int changedBeside(Hook hook) {
    int bits = 0;
    for (Hook other : hooks) {
      if (other != hook && other.isBeside(hook) && mayMeet(other.stage(), hook.stage())) {
        bits |= changes(other.stage());
      }
    }
    return bits;
  }

  /** The bits of the mark that more than one of this priority may set. */
  int undecided(Hook hook) {
    int bits = 0;
    for (Hook one : hooks) {
      if (one.isBeside(hook)) {
        bits |= changes(one.stage()) & changedBeside(one);
      }
    }
    return bits;
  }

  /** A condition as it is asked where these bits of the mark are not known. */
  static Condition withoutMarks(Condition condition, int bits) {
    return Translation.hidden(
        condition,
        Condition.ALWAYS,
        "the mark that a chain of the same priority sets, before or after",
        part -> part instanceof Condition.Mark mark && (mark.mask() & bits) != 0);
  }

  /** Packets of one family never come by the chains of the other. */
  private static boolean mayMeet(Stage one, Stage other) {
    return !(one.applies() instanceof Condition.SourceAddress here)
        || !(other.applies() instanceof Condition.SourceAddress there)
        || !here.addresses().intersect(there.addresses()).isEmpty();
  }

  private int changes(Stage stage) {
    return changed.computeIfAbsent(stage.chain(), chain -> changes(chain, new HashSet<>()));
  }

  private int changes(String name, Set<String> seen) {
    Chain chain = chains.get(name);
    if (chain == null || !seen.add(name)) {
      return 0;
    }
    int bits = 0;
    for (EnforcedRule rule : chain.rules()) {
      RuleAction action = rule.action();
      if (action instanceof RuleAction.SetMark set) {
        bits |= set.value() | set.mask();
      } else if (action instanceof RuleAction.UnknownMark lost) {
        bits |= lost.mask();
      } else if (action instanceof RuleAction.MapMark map) {
        for (RuleAction.MapMark.Entry entry : map.entries()) {
          bits |= entry.value() | entry.mask();
        }
      } else if (action instanceof RuleAction.Jump jump) {
        bits |= changes(jump.chain(), seen);
      } else if (action instanceof RuleAction.Goto go) {
        bits |= changes(go.chain(), seen);
      }
    }
    return bits;
  }
}
