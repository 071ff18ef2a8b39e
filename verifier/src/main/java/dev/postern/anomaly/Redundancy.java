package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.algebra.Region;
import dev.postern.anomaly.Ladder.Step;
import dev.postern.anomaly.Lane.Entry;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which rules of one direction matter: a rule, or a part of one, matters if some class's table changes without it. Works class by class over
 * ladders of what reaches and what passes; classes that the same rules target are worked once.
 */
final class Redundancy {

  /** What one rule, or a part of one, does at all the classes it targets. */
  static final class Effect {
    boolean changesSomething;
    boolean isReached;
    /** Rules are told apart by who they are, not by what they say. */
    final Set<PlanRule> covers = Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private final Plan plan;
  private final Direction direction;
  private final Region everything;
  private final List<PlanRule> rules;
  private final Map<PlanRule, List<PlanRule>> variants;
  private final Map<PlanRule, Effect> effects = new IdentityHashMap<>();
  private final Map<Policy, Boolean> policyMatters = new IdentityHashMap<>();

  /**
   * Works out a direction.
   *
   * @param variants for some rules, what would be left of them if one part were gone
   */
  Redundancy(Plan plan, Direction direction, Map<PlanRule, List<PlanRule>> variants) {
    this.plan = plan;
    this.direction = direction;
    this.variants = variants;
    this.everything = Region.of(plan.classes().everyone(), Traffic.ALL);
    this.rules = plan.rules().stream().filter(rule -> concerns(rule, direction)).toList();
    rules.forEach(rule -> effects.put(rule, new Effect()));
    variants.values().forEach(all -> all.forEach(variant -> effects.put(variant, new Effect())));
    work();
  }

  static boolean concerns(PlanRule rule, Direction direction) {
    return rule.rule().direction() == direction
        && (rule.policy().tier() != Tier.NETWORK_POLICY
            || rule.policy().isolates().contains(direction));
  }

  Effect effect(PlanRule ruleOrVariant) {
    return Objects.requireNonNull(effects.get(ruleOrVariant));
  }

  /** Whether some table of this direction changes without the policy. */
  boolean matters(Policy policy) {
    return policyMatters.getOrDefault(policy, false);
  }

  private void work() {
    int inside = plan.classes().inside();
    List<List<Integer>> targeting = new ArrayList<>(inside);
    List<List<Policy>> isolating = new ArrayList<>(inside);
    List<List<Integer>> isolatingNumbers = new ArrayList<>(inside);
    for (int number = 0; number < inside; number++) {
      targeting.add(new ArrayList<>());
      isolating.add(new ArrayList<>(2));
      isolatingNumbers.add(new ArrayList<>(2));
    }
    for (int i = 0; i < rules.size(); i++) {
      int rule = i;
      targets(rules.get(i)).forEach(number -> targeting.get(number).add(rule));
    }
    List<Policy> policies = plan.cluster().policies();
    for (int i = 0; i < policies.size(); i++) {
      Policy policy = policies.get(i);
      int policyNumber = -1 - i;
      if (policy.isolates().contains(direction)) {
        plan.targets(policy).forEach(number -> {
          isolating.get(number).add(policy);
          isolatingNumbers.get(number).add(policyNumber);
        });
      }
    }
    // Named ports make one rule cover different traffic at different classes: the regions are part
    // of what must be equal.
    Map<List<Object>, Boolean> worked = new HashMap<>();
    for (int number = 0; number < inside; number++) {
      if (targeting.get(number).isEmpty() && isolating.get(number).isEmpty()) {
        continue;
      }
      List<PlanRule> here = targeting.get(number).stream().map(rules::get).toList();
      boolean named = here.stream().anyMatch(rule -> !rule.byName().isEmpty());
      for (boolean withNames : named ? new boolean[] {false, true} : new boolean[] {false}) {
        int target = number;
        List<Object> profile = new ArrayList<>(targeting.get(number));
        profile.add(withNames);
        profile.addAll(isolatingNumbers.get(number));
        for (PlanRule rule : here) {
          if (namesPorts(rule)) {
            profile.add(Lane.region(rule, target, withNames));
            variants
                .getOrDefault(rule, List.of())
                .forEach(variant -> profile.add(Lane.region(variant, target, withNames)));
          }
        }
        if (worked.putIfAbsent(profile, true) == null) {
          work(number, here, isolating.get(number), withNames);
        }
      }
    }
  }

  private static boolean namesPorts(PlanRule rule) {
    return rule.rule().ports() instanceof Ports.AnyOf any
        && any.matches().stream().anyMatch(Ports.Named.class::isInstance);
  }

  private static ClassSet targets(PlanRule rule) {
    ClassSet targets = ClassSet.EMPTY;
    for (Rectangle rectangle : rule.rectangles()) {
      targets = targets.union(rectangle.targets());
    }
    for (Rectangle rectangle : rule.byName()) {
      targets = targets.union(rectangle.targets());
    }
    return targets;
  }

  private void work(int number, List<PlanRule> here, List<Policy> isolating, boolean withNames) {
    Lane lane = Lane.of(here, number, !isolating.isEmpty(), withNames, everything);
    work(lane.admin(), number, withNames);
    work(lane.baseline(), number, withNames);
    networkPolicies(lane, here, isolating, number, withNames);
  }

  // --- ordered tiers

  private void work(Ladder ladder, int number, boolean withNames) {
    for (int i = 0; i < ladder.steps().size(); i++) {
      Step step = ladder.steps().get(i);
      for (List<Entry> policy : step.policies()) {
        Region before = Region.EMPTY;
        for (Entry entry : policy) {
          Region fresh =
              entry.region().minus(before).intersect(ladder.reaching().get(i));
          before = before.union(entry.region());
          Effect effect = effect(entry.rule());
          effect.isReached |= !fresh.isEmpty();
          effect.changesSomething |= !staysWithout(ladder, i, entry);
          if (fresh.isEmpty() && !entry.region().isEmpty()) {
            shadowers(ladder, i, entry, effect);
          }
          for (PlanRule variant : variants.getOrDefault(entry.rule(), List.of())) {
            // What is left may also do something else: a pass without its unknown peer passes
            // again.
            Entry left = new Entry(variant, Lane.region(variant, number, withNames));
            effects.get(variant).changesSomething |= !ladder.staysWith(i, step.with(entry, left));
          }
        }
      }
    }
    policies(ladder);
  }

  private static boolean staysWithout(Ladder ladder, int step, Entry entry) {
    return ladder.steps().get(step).isSingle()
        ? ladder.staysWithout(step, step + 1)
        : ladder.staysWith(
            step, ladder.steps().get(step).with(entry, new Entry(entry.rule(), Region.EMPTY)));
  }

  private static void shadowers(Ladder ladder, int step, Entry entry, Effect effect) {
    for (int earlier = 0; earlier <= step; earlier++) {
      for (List<Entry> policy : ladder.steps().get(earlier).policies()) {
        for (Entry other : policy) {
          if (other == entry) {
            return;
          }
          if (!other.region().intersect(entry.region()).isEmpty()) {
            effect.covers.add(other.rule());
          }
        }
      }
    }
  }

  private void policies(Ladder ladder) {
    int from = 0;
    while (from < ladder.steps().size()) {
      Step step = ladder.steps().get(from);
      if (step.policies().size() > 1) {
        for (List<Entry> entries : step.policies()) {
          Policy policy = entries.get(0).rule().policy();
          policyMatters.merge(
              policy, !ladder.staysWith(from, step.without(policy)), Boolean::logicalOr);
        }
        from++;
        continue;
      }
      Policy policy = step.policies().get(0).get(0).rule().policy();
      int to = from;
      while (to < ladder.steps().size()
          && ladder.steps().get(to).policies().size() == 1
          && ladder.steps().get(to).policies().get(0).get(0).rule().policy() == policy) {
        to++;
      }
      policyMatters.merge(policy, !ladder.staysWithout(from, to), Boolean::logicalOr);
      from = to;
    }
  }

  // --- NetworkPolicies

  private void networkPolicies(
      Lane lane, List<PlanRule> here, List<Policy> isolating, int number, boolean withNames) {
    if (isolating.isEmpty()) {
      return;
    }
    List<Entry> entries = lane.networkPolicies();
    Region arriving = lane.underNetworkPolicies();
    Region[] others = withoutEach(entries.stream().map(Entry::region).toList());
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Region counts = entry.region().intersect(arriving);
      Effect effect = effect(entry.rule());
      effect.isReached |= !counts.isEmpty();
      boolean needed = !counts.minus(others[i]).isEmpty();
      effect.changesSomething |= needed;
      if (!needed && !effect.changesSomething) {
        coverers(entries, i, counts, effect);
      }
      for (PlanRule variant : variants.getOrDefault(entry.rule(), List.of())) {
        Region lost = counts.minus(Lane.region(variant, number, withNames));
        effect(variant).changesSomething |= !lost.minus(others[i]).isEmpty();
      }
    }
    Map<Policy, Region> byPolicy = new IdentityHashMap<>();
    isolating.forEach(policy -> byPolicy.put(policy, Region.EMPTY));
    entries.forEach(entry -> byPolicy.merge(entry.rule().policy(), entry.region(), Region::union));
    Region[] otherPolicies = withoutEach(isolating.stream().map(byPolicy::get).toList());
    for (int i = 0; i < isolating.size(); i++) {
      Region with = byPolicy
          .getOrDefault(isolating.get(i), Region.EMPTY)
          .union(otherPolicies[i])
          .intersect(arriving);
      Region without = isolating.size() > 1
          ? otherPolicies[i].intersect(arriving)
          : openWithout(lane, here, number, withNames).intersect(arriving);
      policyMatters.merge(isolating.get(i), !with.equals(without), Boolean::logicalOr);
    }
  }

  /** What would pass below the Admin tier if no NetworkPolicy isolated the class: what the Baseline tier lets pass. */
  private Region openWithout(Lane lane, List<PlanRule> here, int number, boolean withNames) {
    List<Entry> entries = here.stream()
        .filter(rule -> rule.policy().tier() == Tier.BASELINE)
        .map(rule -> new Entry(rule, Lane.region(rule, number, withNames)))
        .toList();
    return Ladder.of(entries, lane.underNetworkPolicies(), everything).passes();
  }

  /** For each region the union of all the others. */
  private static Region[] withoutEach(List<Region> regions) {
    Region[] result = new Region[regions.size()];
    Arrays.fill(result, Region.EMPTY);
    Region before = Region.EMPTY;
    for (int i = 0; i < result.length; i++) {
      result[i] = before;
      before = before.union(regions.get(i));
    }
    Region after = Region.EMPTY;
    for (int i = result.length - 1; i >= 0; i--) {
      result[i] = result[i].union(after);
      after = after.union(regions.get(i));
    }
    return result;
  }

  /** The rules that do the same: one that does it all if there is one, else those that do a part. */
  private static void coverers(List<Entry> entries, int index, Region counts, Effect effect) {
    List<PlanRule> parts = new ArrayList<>();
    Region rest = counts;
    for (int i = 0; i < entries.size() && !rest.isEmpty(); i++) {
      if (i == index) {
        continue;
      }
      if (counts.minus(entries.get(i).region()).isEmpty()) {
        effect.covers.add(entries.get(i).rule());
        return;
      }
      Region less = rest.minus(entries.get(i).region());
      if (!less.equals(rest)) {
        parts.add(entries.get(i).rule());
        rest = less;
      }
    }
    effect.covers.addAll(parts);
  }
}
