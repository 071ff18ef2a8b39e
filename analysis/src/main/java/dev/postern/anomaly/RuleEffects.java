package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.net.Traffic;
import dev.postern.policy.Action;
import dev.postern.policy.Tier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What rules, their entries and policies do, as far as the points that were looked at show: something matters from the first point on at
 * which the verdict is another without it.
 */
final class RuleEffects implements PointVisitor {

  /**
   * A place where something shows.
   *
   * @param targets the classes
   * @param peers the other ends
   * @param traffic one port, or other protocols
   */
  record Sighting(ClassSet targets, ClassSet peers, Traffic traffic) {}

  /** Two rules of one priority that decide the same traffic differently. */
  record Pair(int one, int other) {}

  private final RuleLines lines;
  private final boolean[] reached;
  private final boolean[] needed;
  private final boolean[] entryNeeded;
  private final boolean[] portNeeded;
  private final boolean[] lands;
  private final boolean[] policyMatters;
  /** How much is not known of a rule yet. */
  private final int[] open;

  private final int[] openPorts;
  private final Map<Integer, Sighting> passed = new LinkedHashMap<>();
  private final Map<Pair, Sighting> conflicts = new LinkedHashMap<>();
  private final WitnessFlows witnesses;

  RuleEffects(RuleLines lines) {
    this.lines = lines;
    this.witnesses = new WitnessFlows(lines.plan().classes());
    int rules = lines.rules().size();
    reached = new boolean[rules];
    needed = new boolean[rules];
    lands = new boolean[rules];
    open = new int[rules];
    openPorts = new int[rules];
    entryNeeded = new boolean[lines.firstEntry(rules)];
    portNeeded = new boolean[lines.firstPort(rules)];
    policyMatters = new boolean[lines.plan().cluster().policies().size()];
    for (int rule = 0; rule < rules; rule++) {
      openPorts[rule] = lines.ports(rule);
      boolean passes =
          lines.action(rule) == Action.PASS && lines.rule(rule).policy().tier() == Tier.ADMIN;
      open[rule] = 2 + lines.entries(rule) + openPorts[rule] + (passes ? 1 : 0);
    }
  }

  boolean isReached(int rule) {
    return reached[rule];
  }

  boolean isNeeded(int rule) {
    return needed[rule];
  }

  boolean isEntryNeeded(int rule, int entry) {
    return entryNeeded[lines.firstEntry(rule) + entry];
  }

  boolean isPortNeeded(int rule, int port) {
    return portNeeded[lines.firstPort(rule) + port];
  }

  boolean matters(int policy) {
    return policyMatters[policy];
  }

  /** For a pass that no lower tier has a word in, what it passes; empty for other rules. */
  Optional<Sighting> passedToNowhere(int rule) {
    return lands[rule] ? Optional.empty() : Optional.ofNullable(passed.get(rule));
  }

  /** Pairs in conflict, with where. */
  Map<Pair, Sighting> conflicts() {
    return conflicts;
  }

  @Override
  public boolean wantsRule(int rule) {
    return open[rule] > 0 || !policyMatters[lines.policyOf(rule)];
  }

  @Override
  public boolean wantsPolicy(int policy) {
    return !policyMatters[policy];
  }

  @Override
  public void isolatesFromSomething(int policy) {
    policyMatters[policy] = true;
  }

  @Override
  public boolean wantsShared() {
    return true;
  }

  @Override
  public boolean visit(ClassPair point, boolean withNames, boolean settled) {
    boolean more = !settled && orderedTiers(point, withNames);
    if (point.isolating().length > 0) {
      networkPolicies(point);
    }
    return more;
  }

  /** Says whether another point may show more of the same lines. */
  private boolean orderedTiers(ClassPair point, boolean withNames) {
    ladder(point, point.admin(), point.isolating().length > 0 ? -1L : point.named());
    ladder(point, point.baseline(), 0);
    boolean more = isLive(point, point.admin()) || isLive(point, point.baseline());
    if (!withNames) {
      more |= conflicts(point, point.admin());
      more |= conflicts(point, point.baseline());
    }
    return more;
  }

  /** Whether something that is not known of a rule may show where it is reached as here: what reaches it depends on its tier and those above alone. */
  private boolean isLive(ClassPair point, OrderedTier ladder) {
    for (int i = ladder.start(0); i < ladder.start(ladder.steps()); i++) {
      if (point.fresh(i) != 0 && wantsRule(point.rule(i))) {
        return true;
      }
    }
    return false;
  }

  private void ladder(ClassPair point, OrderedTier ladder, long answered) {
    for (int step = 0; step < ladder.steps(); step++) {
      for (int i = ladder.start(step); i < ladder.end(step); i++) {
        int rule = point.rule(i);
        if (open[rule] == 0 || point.mask(i) == 0) {
          continue;
        }
        long fresh = point.fresh(i);
        if (fresh == 0) {
          continue;
        }
        long differs = ladder.differsWithout(step, i);
        learn(point, i, fresh, differs);
        int unknown = lines.unknownEntry(rule);
        if (unknown >= 0 && point.entry(i) < 0) {
          learnEntry(rule, unknown, ladder.differsAs(step, i, Action.PASS));
        }
        if (point.action(i) == Action.PASS && !lands[rule]) {
          long goes = ladder.passedBy(step, i);
          if ((goes & answered) != 0) {
            lands[rule] = true;
            open[rule]--;
          } else if (goes != 0 && !passed.containsKey(rule)) {
            passed.put(rule, sighting(point, goes));
          }
        }
      }
    }
    policies(point, ladder);
  }

  private void policies(ClassPair point, OrderedTier ladder) {
    int step = 0;
    while (step < ladder.steps()) {
      if (ladder.isShared(step)) {
        int last = -1;
        for (int i = ladder.start(step); i < ladder.end(step); i++) {
          int policy = point.policy(i);
          if (policy != last && !policyMatters[policy]) {
            policyMatters[policy] = ladder.differsWithoutPolicy(step, policy) != 0;
          }
          last = policy;
        }
        step++;
        continue;
      }
      int policy = point.policy(ladder.start(step));
      int to = step + 1;
      while (to < ladder.steps()
          && !ladder.isShared(to)
          && point.policy(ladder.start(to)) == policy) {
        to++;
      }
      policyMatters[policy] |= ladder.differsWithoutSteps(step, to) != 0;
      step = to;
    }
  }

  private void networkPolicies(ClassPair point) {
    int from = point.firstNetworkPolicy();
    int to = point.firstBaseline();
    // Two bit planes: what one rule covers at least, and what two do; the same for policies.
    long ones = 0;
    long twos = 0;
    long onesOfPolicies = 0;
    long twosOfPolicies = 0;
    for (int i = from; i < to; ) {
      long own = 0;
      int policy = point.policy(i);
      for (; i < to && point.policy(i) == policy; i++) {
        twos |= ones & point.mask(i);
        ones |= point.mask(i);
        own |= point.mask(i);
      }
      twosOfPolicies |= onesOfPolicies & own;
      onesOfPolicies |= own;
    }
    for (int i = from; i < to; i++) {
      int rule = point.rule(i);
      long counts = point.mask(i) & point.left();
      if (counts == 0) {
        continue;
      }
      if (open[rule] > 0) {
        learn(point, i, counts, counts & ~twos);
      }
      policyMatters[point.policy(i)] |=
          point.isolating().length > 1 && (counts & ~twosOfPolicies) != 0;
    }
    if (point.isolating().length == 1) {
      policyMatters[point.isolating()[0]] |=
          ((point.allowed() ^ point.underneath()) & point.left()) != 0;
    }
  }

  /** Takes in what a rule decides at a point, and where the verdict is another without it. */
  private void learn(ClassPair point, int place, long decides, long differs) {
    int rule = point.rule(place);
    if (!reached[rule] && decides != 0) {
      reached[rule] = true;
      open[rule]--;
    }
    if (differs == 0) {
      return;
    }
    if (!needed[rule]) {
      needed[rule] = true;
      open[rule]--;
    }
    if (point.entry(place) >= 0 && lines.entries(rule) > 0) {
      learnEntry(rule, point.entry(place), differs);
    }
    if (openPorts[rule] > 0) {
      int first = lines.firstPort(rule);
      for (int port = 0; port < lines.ports(rule); port++) {
        if (!portNeeded[first + port]
            && (differs & point.port(place, port, false) & ~point.port(place, port, true)) != 0) {
          portNeeded[first + port] = true;
          openPorts[rule]--;
          open[rule]--;
        }
      }
    }
  }

  private void learnEntry(int rule, int entry, long differs) {
    int number = lines.firstEntry(rule) + entry;
    if (differs != 0 && !entryNeeded[number]) {
      entryNeeded[number] = true;
      open[rule]--;
    }
  }

  /** Says whether there is a conflict that no flow shows yet. */
  private boolean conflicts(ClassPair point, OrderedTier ladder) {
    boolean unshown = false;
    for (int step = 0; step < ladder.steps(); step++) {
      if (!ladder.isShared(step) || ladder.reaching(step) == 0) {
        continue;
      }
      for (int i = ladder.start(step); i < ladder.end(step); i++) {
        long fresh = point.fresh(i);
        for (int j = i + 1; fresh != 0 && j < ladder.end(step); j++) {
          if (point.policy(i) == point.policy(j) || point.action(i) == point.action(j)) {
            continue;
          }
          long both = fresh & point.fresh(j);
          Pair pair = new Pair(point.rule(i), point.rule(j));
          if (both != 0 && !conflicts.containsKey(pair)) {
            Sighting sighting = sighting(point, both);
            // Addresses of two families never meet.
            if (witnesses.flow(sighting, lines.direction()).isPresent()) {
              conflicts.put(pair, sighting);
            } else {
              unshown = true;
            }
          }
        }
      }
    }
    return unshown;
  }

  private static Sighting sighting(ClassPair point, long bits) {
    return new Sighting(point.targets(), point.peers(), point.atoms().first(point.word(), bits));
  }
}
