package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.algebra.Region;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The tables of one direction. Classes that the same rules target share one table: the tiers are worked through once for each distinct list
 * of rules.
 */
final class Tables {

  /** The profile of classes that no rule targets and nothing isolates, also of all outside classes. */
  static final int UNPOLICED = 0;

  private final Plan plan;
  private final List<PlanRule> rules = new ArrayList<>();
  private final List<RuleRectangle> rectangles = new ArrayList<>();
  private final ClassSet isolated;
  private final int[] profileOf;
  private final Signatures profiles = new Signatures();
  private final AtomicReferenceArray<Table> tables;
  private final Table unpoliced;

  /** A rectangle of a rule; {@code byName} for one that covers only what DNS names may stand for. */
  private record RuleRectangle(int rule, Rectangle rectangle, boolean byName) {}

  Tables(Plan plan, Direction direction) {
    this.plan = plan;
    Region everything = plan.everything();
    this.unpoliced = new Table(everything, everything);
    ClassSet allIsolated = ClassSet.EMPTY;
    List<ClassSet> isolating = new ArrayList<>();
    for (Policy policy : plan.cluster().policies()) {
      if (policy.isolates().contains(direction)) {
        isolating.add(plan.targets(policy));
      }
    }
    for (ClassSet set : isolating) {
      allIsolated = allIsolated.union(set);
    }
    this.isolated = allIsolated;
    for (PlanRule rule : plan.rules()) {
      boolean inert = rule.policy().tier() == Tier.NETWORK_POLICY
          && !rule.policy().isolates().contains(direction);
      if (rule.rule().direction() == direction && !inert) {
        int number = rules.size();
        rules.add(rule);
        rule.rectangles()
            .forEach(rectangle -> rectangles.add(new RuleRectangle(number, rectangle, false)));
        rule.byName()
            .forEach(rectangle -> rectangles.add(new RuleRectangle(number, rectangle, true)));
      }
    }
    this.profileOf = profile();
    this.tables = new AtomicReferenceArray<>(profiles.size());
  }

  /** Numbers the distinct lists of rectangles that target a class, with its isolation first; 0 is the profile of the unpoliced. */
  private int[] profile() {
    int inside = plan.classes().inside();
    profiles.intern(new int[] {0}, 1);
    int[][] lists = new int[inside][];
    int[] sizes = new int[inside];
    for (int number = 0; number < inside; number++) {
      lists[number] = new int[4];
      lists[number][0] = isolated.contains(number) ? 1 : 0;
      sizes[number] = 1;
    }
    for (int i = 0; i < rectangles.size(); i++) {
      int rectangle = i;
      rectangles.get(i).rectangle.targets().forEach(number -> {
        if (sizes[number] == lists[number].length) {
          lists[number] = Arrays.copyOf(lists[number], 2 * sizes[number]);
        }
        lists[number][sizes[number]++] = rectangle;
      });
    }
    int[] result = new int[inside];
    for (int number = 0; number < inside; number++) {
      result[number] = profiles.intern(lists[number], sizes[number]);
    }
    return result;
  }

  ClassSet isolated() {
    return isolated;
  }

  int profiles() {
    return profiles.size();
  }

  int profileOf(int number) {
    return number < profileOf.length ? profileOf[number] : UNPOLICED;
  }

  Table table(int profile) {
    Table known = tables.get(profile);
    if (known == null) {
      known = compute(profiles.get(profile));
      tables.set(profile, known);
    }
    return known;
  }

  private Table compute(int[] profile) {
    if (profile.length == 1) {
      return profile[0] == 1 ? new Table(Region.EMPTY, Region.EMPTY) : unpoliced;
    }
    boolean named = false;
    for (int i = 1; i < profile.length; i++) {
      named |= rectangles.get(profile[i]).byName;
    }
    Region allowed = allowed(profile, false);
    return new Table(allowed, named ? allowed(profile, true) : allowed);
  }

  /** Works through the tiers. The rectangles of a profile are in the order of the policies: tier, priority, policy, rule. */
  private Region allowed(int[] profile, boolean withNames) {
    List<RuleRectangle> mine = new ArrayList<>(profile.length - 1);
    for (int i = 1; i < profile.length; i++) {
      RuleRectangle rectangle = rectangles.get(profile[i]);
      if (withNames || !rectangle.byName) {
        mine.add(rectangle);
      }
    }
    Region undecided = plan.everything();
    Region allowed = Region.EMPTY;
    for (Tier tier : Tier.values()) {
      List<RuleRectangle> ofTier =
          mine.stream().filter(r -> rules.get(r.rule).policy().tier() == tier).toList();
      if (tier == Tier.NETWORK_POLICY) {
        if (profile[0] == 1) {
          Region union = Region.EMPTY;
          for (RuleRectangle rectangle : ofTier) {
            union = union.union(region(rectangle.rectangle));
          }
          return allowed.union(union.intersect(undecided));
        }
      } else if (!ofTier.isEmpty()) {
        Ordered ordered = new Ordered(undecided);
        ordered.work(ofTier);
        allowed = allowed.union(ordered.allowed);
        undecided = ordered.undecided.union(ordered.passed);
      }
    }
    return allowed.union(undecided);
  }

  private static Region region(Rectangle rectangle) {
    return Region.of(rectangle.peers(), rectangle.traffic());
  }

  /** One ordered tier. */
  private final class Ordered {
    private Region undecided;
    private Region allowed = Region.EMPTY;
    private Region passed = Region.EMPTY;

    Ordered(Region undecided) {
      this.undecided = undecided;
    }

    void work(List<RuleRectangle> ofTier) {
      int from = 0;
      while (from < ofTier.size()) {
        int to = from;
        while (to < ofTier.size()
            && policy(ofTier, to).priority() == policy(ofTier, from).priority()) {
          to++;
        }
        equalPriority(ofTier.subList(from, to));
        from = to;
      }
    }

    private Policy policy(List<RuleRectangle> ofTier, int index) {
      return rules.get(ofTier.get(index).rule).policy();
    }

    /** Each policy's first match speaks for it; among policies of one priority the strictest word counts. */
    private void equalPriority(List<RuleRectangle> group) {
      Region allow = Region.EMPTY;
      Region deny = Region.EMPTY;
      Region pass = Region.EMPTY;
      int from = 0;
      while (from < group.size()) {
        Region decided = Region.EMPTY;
        int to = from;
        while (to < group.size() && policy(group, to) == policy(group, from)) {
          RuleRectangle next = group.get(to);
          Region fresh = region(next.rectangle).minus(decided);
          decided = decided.union(fresh);
          Action action = rules.get(next.rule).action();
          switch (action) {
            case ALLOW -> allow = allow.union(fresh);
            case DENY -> deny = deny.union(fresh);
            case PASS -> pass = pass.union(fresh);
          }
          to++;
        }
        from = to;
      }
      pass = pass.minus(deny);
      allow = allow.minus(deny).minus(pass);
      allowed = allowed.union(allow.intersect(undecided));
      passed = passed.union(pass.intersect(undecided));
      undecided = undecided.minus(allow).minus(deny).minus(pass);
    }
  }
}
