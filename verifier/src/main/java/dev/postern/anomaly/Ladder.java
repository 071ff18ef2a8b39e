package dev.postern.anomaly;

import dev.postern.algebra.Region;
import dev.postern.anomaly.Lane.Entry;
import dev.postern.policy.Action;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An ordered tier at one class: steps, with what reaches each and what passes from each on. A step is one rule, or all rules of policies
 * that share a priority, since those have no order among them.
 *
 * @param steps in order
 * @param reaching what is undecided before each step, and after the last
 * @param passing what passes from each step on, whatever came before, and after the last: what the lower tiers let pass
 * @param below what the lower tiers let pass
 */
record Ladder(List<Step> steps, List<Region> reaching, List<Region> passing, Region below) {

  /** One policy's rule alone, or several policies of one priority, each with its entries in order. */
  record Step(List<List<Entry>> policies) {

    boolean isSingle() {
      return policies.size() == 1 && policies.get(0).size() == 1;
    }

    /** The step with another entry for one. */
    Step with(Entry entry, Entry other) {
      return new Step(policies.stream()
          .map(entries -> entries.stream().map(e -> e == entry ? other : e).toList())
          .toList());
    }

    Step without(Policy policy) {
      return new Step(policies.stream()
          .filter(entries -> entries.get(0).rule().policy() != policy)
          .toList());
    }
  }

  /** What a step decides, whatever came before: three disjoint regions. */
  record Decided(Region allow, Region deny, Region pass) {
    Region all() {
      return allow.union(deny).union(pass);
    }

    /** What passes from here on, if {@code rest} is what passes after the step and {@code below} in the lower tiers. */
    Region then(Region rest, Region below) {
      return allow.union(pass.intersect(below)).union(rest.minus(all()));
    }
  }

  static Ladder of(List<Entry> entries, Region arriving, Region below) {
    List<Step> steps = steps(entries);
    List<Region> reaching = new ArrayList<>();
    reaching.add(arriving);
    List<Region> passing = new ArrayList<>(Collections.nCopies(steps.size() + 1, below));
    List<Decided> decisions = steps.stream().map(Ladder::decide).toList();
    for (Decided decided : decisions) {
      reaching.add(reaching.get(reaching.size() - 1).minus(decided.all()));
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      passing.set(i, decisions.get(i).then(passing.get(i + 1), below));
    }
    return new Ladder(steps, reaching, passing, below);
  }

  private static List<Step> steps(List<Entry> entries) {
    List<Step> steps = new ArrayList<>();
    int from = 0;
    while (from < entries.size()) {
      List<List<Entry>> policies = new ArrayList<>();
      int to = from;
      while (to < entries.size()
          && policy(entries, to).priority() == policy(entries, from).priority()) {
        int start = to;
        while (to < entries.size() && policy(entries, to) == policy(entries, start)) {
          to++;
        }
        policies.add(entries.subList(start, to));
      }
      if (policies.size() == 1) {
        policies.get(0).forEach(entry -> steps.add(new Step(List.of(List.of(entry)))));
      } else {
        steps.add(new Step(policies));
      }
      from = to;
    }
    return steps;
  }

  private static Policy policy(List<Entry> entries, int index) {
    return entries.get(index).rule().policy();
  }

  /** What each policy's first matches say together; the strictest word counts. */
  static Decided decide(Step step) {
    Region allow = Region.EMPTY;
    Region deny = Region.EMPTY;
    Region pass = Region.EMPTY;
    for (List<Entry> policy : step.policies) {
      Region decided = Region.EMPTY;
      for (Entry entry : policy) {
        Region fresh = entry.region().minus(decided);
        decided = decided.union(fresh);
        Action action = entry.rule().action();
        allow = action == Action.ALLOW ? allow.union(fresh) : allow;
        deny = action == Action.DENY ? deny.union(fresh) : deny;
        pass = action == Action.PASS ? pass.union(fresh) : pass;
      }
    }
    pass = pass.minus(deny);
    return new Decided(allow.minus(deny).minus(pass), deny, pass);
  }

  /** What passes through this tier and the lower ones. */
  Region passes() {
    return reaching.get(0).intersect(passing.get(0));
  }

  /** What this tier leaves to the lower ones: what arrives and is not decided, or is passed. */
  Region left() {
    Region left = reaching.get(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      left = left.union(decide(steps.get(i)).pass.intersect(reaching.get(i)));
    }
    return left;
  }

  /** Whether everything passes as before if a step becomes another. */
  boolean staysWith(int step, Step other) {
    Region here = reaching.get(step);
    Region before = here.intersect(passing.get(step));
    return before.equals(here.intersect(decide(other).then(passing.get(step + 1), below)));
  }

  /** Whether everything passes as before without the steps from one up to, not including, another. */
  boolean staysWithout(int from, int to) {
    Region here = reaching.get(from);
    return here.intersect(passing.get(from)).equals(here.intersect(passing.get(to)));
  }
}
