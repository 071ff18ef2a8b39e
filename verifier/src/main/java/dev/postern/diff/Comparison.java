package dev.postern.diff;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.meaning.End;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.verify.reach.Reachability;
import dev.postern.verify.reach.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares two plans source by source over joint classes, and gathers the differences to as few rows as it finds. */
final class Comparison {

  private final Plan before;
  private final Plan after;
  private final JointClasses joint;
  private final Map<Integer, Row> beforeRows = new HashMap<>();
  private final Map<Integer, Row> afterRows = new HashMap<>();

  Comparison(Plan before, Plan after) {
    this.before = before;
    this.after = after;
    this.joint = new JointClasses(before.classes(), after.classes());
  }

  Difference difference() {
    Reachability old = Reachability.of(before);
    Reachability now = Reachability.of(after);
    List<Difference.Row> opened = new ArrayList<>();
    List<Difference.Row> closed = new ArrayList<>();
    for (Family family : Family.values()) {
      ClassSet speaking = joint.speaking(family);
      Map<Region, ClassSet> opening = new LinkedHashMap<>();
      Map<Region, ClassSet> closing = new LinkedHashMap<>();
      speaking.forEach(source -> {
        // Nothing is said about what goes on outside.
        ClassSet partners = source < joint.inside()
            ? speaking
            : speaking.intersect(ClassSet.range(0, joint.inside()));
        Sides was = before(old, source, partners);
        Sides is = after(now, source, partners);
        if (!was.equals(is)) {
          gather(
              opening,
              source,
              is.allowed.minus(was.allowed).union(is.possible.minus(was.possible)));
          gather(
              closing,
              source,
              was.allowed.minus(is.allowed).union(was.possible.minus(is.possible)));
        }
      });
      Naming naming = new Naming(joint, family);
      merge(opened, rows(opening, naming, family));
      merge(closed, rows(closing, naming, family));
    }
    return new Difference(
        sorted(opened), sorted(closed), newlyIsolated(), only(after, before), only(before, after));
  }

  /** Rows that say the same of both families become one. */
  private static void merge(List<Difference.Row> rows, List<Difference.Row> more) {
    for (Difference.Row row : more) {
      int alike = 0;
      while (alike < rows.size() && !rows.get(alike).isAlike(row)) {
        alike++;
      }
      if (alike < rows.size()) {
        rows.set(alike, rows.get(alike).with(row));
      } else {
        rows.add(row);
      }
    }
  }

  private static List<Difference.Row> sorted(List<Difference.Row> rows) {
    return rows.stream().sorted(Comparator.comparing(Difference.Row::toString)).toList();
  }

  /** What passes for certain and what may pass, over joint classes. */
  private record Sides(Region allowed, Region possible) {}

  private Sides before(Reachability old, int source, ClassSet partners) {
    if (joint.before(source) == JointClasses.ABSENT) {
      return new Sides(Region.EMPTY, Region.EMPTY);
    }
    Row row = beforeRows.computeIfAbsent(joint.before(source), old::row);
    Region allowed = joint.fromBefore(row.allowed()).at(partners);
    return new Sides(
        allowed,
        row.allowed() == row.possible()
            ? allowed
            : joint.fromBefore(row.possible()).at(partners));
  }

  private Sides after(Reachability now, int source, ClassSet partners) {
    if (joint.after(source) == JointClasses.ABSENT) {
      return new Sides(Region.EMPTY, Region.EMPTY);
    }
    Row row = afterRows.computeIfAbsent(joint.after(source), now::row);
    Region allowed = joint.fromAfter(row.allowed()).at(partners);
    return new Sides(
        allowed,
        row.allowed() == row.possible()
            ? allowed
            : joint.fromAfter(row.possible()).at(partners));
  }

  private static void gather(Map<Region, ClassSet> changes, int source, Region region) {
    if (!region.isEmpty()) {
      changes.merge(region, ClassSet.of(source), ClassSet::union);
    }
  }

  private record Target(ClassSet peers, Traffic traffic) {}

  /** Sources with the same destinations on the same traffic become one row; then destinations with the same sources. */
  private static List<Difference.Row> rows(
      Map<Region, ClassSet> changes, Naming naming, Family family) {
    Map<Target, ClassSet> bySources = new LinkedHashMap<>();
    changes.forEach((region, sources) -> region
        .parts()
        .forEach(part ->
            bySources.merge(new Target(part.peers(), part.traffic()), sources, ClassSet::union)));
    Map<Target, ClassSet> byDestinations = new LinkedHashMap<>();
    bySources.forEach((target, sources) ->
        byDestinations.merge(new Target(sources, target.traffic), target.peers, ClassSet::union));
    List<Difference.Row> rows = new ArrayList<>();
    byDestinations.forEach((target, destinations) -> rows.add(new Difference.Row(
        naming.who(target.peers), naming.who(destinations), target.traffic, Set.of(family))));
    return rows;
  }

  private SortedMap<Direction, SortedSet<String>> newlyIsolated() {
    SortedMap<Direction, SortedSet<String>> result = new TreeMap<>();
    for (Direction direction : Direction.values()) {
      ClassSet was = before.isolated(direction);
      ClassSet is = after.isolated(direction);
      for (int number = 0; number < joint.inside(); number++) {
        boolean inBoth = joint.before(number) != JointClasses.ABSENT
            && joint.after(number) != JointClasses.ABSENT;
        if (inBoth && !was.contains(joint.before(number)) && is.contains(joint.after(number))) {
          for (End.InPod end : joint.members(number)) {
            result
                .computeIfAbsent(direction, d -> new TreeSet<>())
                .add(end.workload().id());
          }
        }
      }
    }
    return result;
  }

  private static SortedSet<String> only(Plan here, Plan there) {
    SortedSet<String> ids = new TreeSet<>();
    here.cluster().workloads().forEach(workload -> ids.add(workload.id()));
    there.cluster().workloads().forEach(workload -> ids.remove(workload.id()));
    return ids;
  }
}
