package dev.postern.anomaly;

import dev.postern.anomaly.Coverage.Others;
import dev.postern.anomaly.RuleEffects.Sighting;
import java.util.ArrayList;
import java.util.List;

/** A second look at what does nothing: which rules, or policies, do what it does, and a flow that shows it. */
final class CoverageSearch implements PointVisitor {

  private final RuleLines lines;
  private final RuleEffects effects;
  private final WitnessFlows witnesses;
  private final Others others = new Others();
  private final Covers rules;
  private final Covers entries;
  private final Covers ports;
  private final Covers policies;
  private final boolean[] wanted;
  /** Coverages by number: most numbers have none. */
  private static final class Covers {
    private static final int NONE = 0;
    /** By number the place of its coverage, counted from 1. */
    private final int[] places;

    private final List<Coverage> all = new ArrayList<>();

    Covers(int numbers) {
      this.places = new int[numbers];
    }

    void want(int number) {
      if (places[number] == NONE) {
        all.add(new Coverage());
        places[number] = all.size();
      }
    }

    boolean has(int number) {
      return places[number] != NONE;
    }

    /** Of a number that has one. */
    Coverage get(int number) {
      return all.get(places[number] - 1);
    }

    Coverage orNothing(int number) {
      return has(number) ? get(number) : new Coverage();
    }
  }

  /** Whether something at the current point has no flow yet that shows it. */
  private boolean unshown;

  CoverageSearch(RuleLines lines, RuleEffects effects) {
    this.lines = lines;
    this.effects = effects;
    this.witnesses = new WitnessFlows(lines.plan().classes());
    int count = lines.rules().size();
    this.wanted = new boolean[count];
    this.rules = new Covers(count);
    this.entries = new Covers(lines.firstEntry(count));
    this.ports = new Covers(lines.firstPort(count));
    this.policies = new Covers(lines.plan().cluster().policies().size());
    for (int rule = 0; rule < wanted.length; rule++) {
      if (!effects.matters(lines.policyOf(rule))) {
        policies.want(lines.policyOf(rule));
        wanted[rule] = true;
      }
      if (!effects.isNeeded(rule)) {
        rules.want(rule);
        wanted[rule] = true;
        continue;
      }
      for (int entry = 0; entry < lines.entries(rule); entry++) {
        if (!effects.isEntryNeeded(rule, entry)) {
          entries.want(lines.firstEntry(rule) + entry);
          wanted[rule] = true;
        }
      }
      for (int port = 0; port < lines.ports(rule); port++) {
        if (!effects.isPortNeeded(rule, port)) {
          ports.want(lines.firstPort(rule) + port);
          wanted[rule] = true;
        }
      }
    }
  }

  Coverage ofRule(int rule) {
    return rules.orNothing(rule);
  }

  Coverage ofEntry(int rule, int entry) {
    return entries.orNothing(lines.firstEntry(rule) + entry);
  }

  Coverage ofPort(int rule, int port) {
    return ports.orNothing(lines.firstPort(rule) + port);
  }

  /** In numbers of policies. */
  Coverage ofPolicy(int policy) {
    return policies.orNothing(policy);
  }

  @Override
  public boolean wantsRule(int rule) {
    return wanted[rule];
  }

  @Override
  public boolean wantsPolicy(int policy) {
    return false;
  }

  @Override
  public boolean wantsShared() {
    return false;
  }

  @Override
  public void isolated(int[] isolating) {
    for (int policy : isolating) {
      if (!effects.matters(policy)) {
        others.clear();
        for (int other : isolating) {
          if (other != policy) {
            others.add(other, 1L);
          }
        }
        policies.want(policy);
        policies.get(policy).take(1L, others);
      }
    }
  }

  @Override
  public boolean visit(ClassPair point, boolean withNames, boolean settled) {
    unshown = false;
    if (!settled) {
      ladder(point, point.admin());
      ladder(point, point.baseline());
    }
    // What does a rule's work in an ordered tier is the same wherever the same lines meet.
    boolean more = unshown;
    if (point.isolating().length > 0) {
      for (int i = point.firstNetworkPolicy(); i < point.firstBaseline(); i++) {
        if (wanted[point.rule(i)]) {
          networkPolicy(point, i);
        }
      }
    }
    return more;
  }

  private void networkPolicy(ClassPair point, int place) {
    int rule = point.rule(place);
    long matched = point.mask(place);
    long counts = matched & point.left();
    if (matched == 0) {
      return;
    }
    if (policies.has(point.policy(place)) && counts != 0) {
      others.clear();
      for (int i = point.firstNetworkPolicy(); i < point.firstBaseline(); i++) {
        if (point.policy(i) != point.policy(place)) {
          others.add(point.policy(i), point.mask(i));
        }
      }
      take(policies, point.policy(place), point, counts);
    }
    others.clear();
    if (!effects.isReached(rule)) {
      earlier(point, point.admin(), point.admin().steps(), -1, matched);
    }
    for (int i = point.firstNetworkPolicy(); i < point.firstBaseline(); i++) {
      if (i != place && effects.isReached(rule)) {
        others.add(point.rule(i), point.mask(i));
      }
    }
    parts(point, place, effects.isReached(rule) ? counts : matched, counts);
  }

  /** Of some bits what the rules of a ladder's steps before one decide, and those of its policy before a rule of it. */
  private void earlier(ClassPair point, OrderedTier ladder, int steps, int place, long bits) {
    for (int step = 0; step < steps; step++) {
      for (int i = ladder.start(step); i < ladder.end(step); i++) {
        other(point, i, point.fresh(i) & bits);
      }
    }
    for (int i = place - 1; i >= 0 && point.policy(i) == point.policy(place); i--) {
      other(point, i, point.mask(i) & bits);
    }
  }

  private void other(ClassPair point, int place, long bits) {
    if (bits != 0) {
      others.add(point.rule(place), bits);
    }
  }

  private void ladder(ClassPair point, OrderedTier ladder) {
    for (int step = 0; step < ladder.steps(); step++) {
      for (int i = ladder.start(step); i < ladder.end(step); i++) {
        int rule = point.rule(i);
        if (!wanted[rule] || point.mask(i) == 0) {
          continue;
        }
        others.clear();
        if (!effects.isReached(rule)) {
          earlier(point, ladder, step, i, point.mask(i));
          parts(point, i, point.mask(i), 0);
          continue;
        }
        long fresh = point.fresh(i);
        if (fresh == 0) {
          continue;
        }
        for (int after = step; after < ladder.steps(); after++) {
          for (int j = ladder.start(after); j < ladder.end(after); j++) {
            if (j != i) {
              other(point, j, point.mask(j) & fresh);
            }
          }
        }
        parts(point, i, fresh, fresh);
      }
    }
  }

  private void parts(ClassPair point, int place, long ofRule, long counts) {
    int rule = point.rule(place);
    if (rules.has(rule)) {
      take(rules, rule, point, ofRule);
      return;
    }
    for (int entry = 0; entry < lines.entries(rule); entry++) {
      int number = lines.firstEntry(rule) + entry;
      if (entries.has(number) && point.entry(place) == entry) {
        take(entries, number, point, counts);
      }
    }
    for (int port = 0; port < lines.ports(rule); port++) {
      int number = lines.firstPort(rule) + port;
      if (ports.has(number)) {
        long meant = point.port(place, port, false) & counts;
        take(ports, number, point, meant & ~point.port(place, port, true));
      }
    }
  }

  private void take(Covers covers, int number, ClassPair point, long bits) {
    if (!covers.has(number) || bits == 0) {
      return;
    }
    Coverage cover = covers.get(number);
    cover.take(bits, others);
    if (!cover.hasWitness()) {
      cover.witness(witnesses.flow(
          new Sighting(point.targets(), point.peers(), point.atoms().first(point.word(), bits)),
          lines.direction()));
      unshown |= !cover.hasWitness();
    }
  }
}
