package dev.postern.diff;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.ShortList;
import dev.postern.meaning.End;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.reach.NaturalOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares two plans over joint classes, and gathers the differences to as few rows as it finds. A pair can only differ if the source's
 * egress or the destination's ingress does, so only the tables that changed are followed.
 */
final class Comparison {

  /** For up to so many sources whose egress changed, destinations are asked pair by pair. */
  private static final int FEW = 32;

  /** So many pods a note names. */
  private static final int SHOWN = 4;

  private final PlannedVersion before;
  private final PlannedVersion after;
  private final JointClasses joint;
  private final Function<Family, ClassNames> names;
  private final Map<Direction, ClassSet> touched = new EnumMap<>(Direction.class);

  /**
   * A comparison of two plans.
   *
   * @param joint the classes of both
   * @param whole whether their workloads are all that there are
   */
  Comparison(Plan before, Plan after, JointClasses joint, boolean whole) {
    this(before, after, joint, whole, false);
  }

  private Comparison(Plan before, Plan after, JointClasses joint, boolean whole, boolean all) {
    this.before = PlannedVersion.of(before);
    this.after = PlannedVersion.of(after);
    this.joint = joint;
    this.names = family -> new ClassNames(joint, family, whole);
    for (Direction direction : Direction.values()) {
      touched.put(
          direction,
          all || before.classes() != after.classes()
              ? ClassSet.range(0, joint.size())
              : touched(
                  before,
                  after,
                  PolicyChanges.between(
                      before.cluster().policies(), after.cluster().policies(), direction)));
    }
  }

  /**
   * A comparison of two versions over the same classes.
   *
   * @param joint these classes
   * @param names words for all of them
   * @param changes what changed, by direction
   */
  Comparison(
      PlannedVersion before,
      PlannedVersion after,
      JointClasses joint,
      Function<Family, ClassNames> names,
      Map<Direction, PolicyChanges> changes) {
    this.before = before;
    this.after = after;
    this.joint = joint;
    this.names = names;
    changes.forEach(
        (direction, each) -> touched.put(direction, touched(before.there(), after.there(), each)));
  }

  /** A comparison that looks at every class, changed or not. */
  static Comparison ofAll(Plan before, Plan after) {
    return new Comparison(
        before, after, new JointClasses(before.classes(), after.classes()), true, true);
  }

  /** The joint classes whose tables may differ where classes are shared: those that a changed policy selects. */
  private ClassSet touched(Plan before, Plan after, PolicyChanges changes) {
    List<ClassSet> targets = new ArrayList<>();
    changes.removed().forEach(policy -> targets.add(before.targets(policy)));
    changes.added().forEach(policy -> targets.add(after.targets(policy)));
    ClassSet any = ClassSet.union(targets);
    ClassSet.Builder builder = new ClassSet.Builder();
    Deadline deadline = Deadline.current();
    for (int number = 0; number < joint.inside(); number++) {
      deadline.check();
      if (any.contains(joint.before(number))) {
        builder.add(number);
      }
    }
    return builder.build();
  }

  private ClassSet touchedAt(Direction direction) {
    return touched.getOrDefault(direction, ClassSet.EMPTY);
  }

  Difference difference() {
    Changes opened = new Changes((sources, destination) -> sources);
    Changes closed = new Changes((sources, destination) -> sources);
    for (boolean possible : mayDepend() ? new boolean[] {false, true} : new boolean[] {false}) {
      TableView was = new TableView.OfPlan(before, joint.fromBefore(), possible, joint::before);
      TableView is = new TableView.OfPlan(after, joint.fromAfter(), possible, joint::after);
      compare(was, is, opened);
      compare(is, was, closed);
    }
    List<Difference.DifferenceRow> more = opened.rows();
    List<Difference.DifferenceRow> less = closed.rows();
    return new Difference(
        more,
        less,
        newlyIsolated(),
        only(after.plan(), before.plan()),
        only(before.plan(), after.plan()),
        Optional.empty(),
        Stream.of(
                movedPods(more, less),
                ChangedServices.note(before.plan().cluster(), after.plan().cluster()))
            .flatMap(Optional::stream)
            .toList());
  }

  /** That the rows are about pods by addresses that they had or have. */
  private Optional<String> movedPods(
      List<Difference.DifferenceRow> opened, List<Difference.DifferenceRow> closed) {
    if (!after.plan().options().ipBlockMatchesPods() || joint.moved().isEmpty()) {
      return Optional.empty();
    }
    Set<String> named = Stream.concat(opened.stream(), closed.stream())
        .flatMap(row -> Stream.of(row.source(), row.destination()))
        .flatMap(side -> side.workloads().stream())
        .collect(Collectors.toSet());
    List<String> moved = joint.moved().stream()
        .filter(EndpointPairs.Moved::told)
        .filter(pod -> named.contains(ClassNames.name(pod.after()))
            || named.contains(pod.after().workload().id()))
        .map(EndpointPairs.Moved::toString)
        .distinct()
        .sorted(NaturalOrder.BY_NUMBERS)
        .toList();
    return moved.isEmpty()
        ? Optional.empty()
        : Optional.of("ipBlocks match pods by address, and pods of the rows have another one now: "
            + moved.stream().collect(ShortList.ofFirst(SHOWN)));
  }

  /**
   * The traffic that passes in both, into classes that a NetworkPolicy isolates for ingress before, and out of those that one isolates for
   * egress.
   *
   * @param possible whether traffic counts that only may pass
   */
  List<Difference.DifferenceRow> commonWhereIsolated(boolean possible) {
    TableView both = new TableView.OfBoth(
        new TableView.OfPlan(before, joint.fromBefore(), possible, joint::before),
        new TableView.OfPlan(after, joint.fromAfter(), possible, joint::after));
    Changes common = new Changes(this::isolatedBefore);
    compare(new TableView.OfNothing(), both, common);
    return common.rows();
  }

  /** Of these sources those with which the destination makes a pair that is isolated before, on either side. */
  private ClassSet isolatedBefore(ClassSet sources, int destination) {
    return isIsolatedBefore(destination, Direction.INGRESS)
        ? sources
        : ClassSet.of(sources.stream()
            .filter(source -> isIsolatedBefore(source, Direction.EGRESS))
            .toArray());
  }

  private boolean isIsolatedBefore(int number, Direction direction) {
    return number < joint.inside() && before.isIsolated(joint.before(number), direction);
  }

  /** Whether anything depends on what the manifests do not say. */
  private boolean mayDepend() {
    return !before.isCertain() || !after.isCertain();
  }

  /**
   * What passes in the second view and not in the first: what the source newly lets out, as far as the destination admits it; and what the
   * destination newly admits, as far as the source lets it out, and did before if that was not said yet.
   */
  private void compare(TableView without, TableView with, Changes changes) {
    Map<Integer, Region> released = news(without, with, Direction.EGRESS);
    released.forEach((source, news) -> row(source, news, released.size(), with, changes));
    news(without, with, Direction.INGRESS)
        .forEach((destination, news) ->
            column(destination, news, released.keySet(), without, with, changes));
  }

  /** What is new in the tables of a direction, by joint class. */
  private Map<Integer, Region> news(TableView without, TableView with, Direction direction) {
    Map<Integer, Region> news = new LinkedHashMap<>();
    Map<Region, Map<Region, Region>> known = new IdentityHashMap<>();
    touchedAt(direction).forEach(number -> {
      Deadline.current().check();
      Region was = without.table(number, direction);
      Region is = with.table(number, direction);
      Region more = known
          .computeIfAbsent(is, r -> new IdentityHashMap<>())
          .computeIfAbsent(was, r -> is.equals(was) ? Region.EMPTY : is.minus(was));
      if (!more.isEmpty()) {
        news.put(number, more);
      }
    });
    return news;
  }

  private void row(int source, Region news, int sources, TableView with, Changes changes) {
    for (Region.Part part : news.parts()) {
      part.peers()
          .forEach(destination -> changes.add(
              ClassSet.of(source),
              destination,
              part.traffic().intersect(with.admitted(destination, source, sources <= FEW))));
    }
  }

  private void column(
      int destination,
      Region news,
      Set<Integer> said,
      TableView without,
      TableView with,
      Changes changes) {
    for (Region.Part part : news.parts()) {
      Map<Region, ClassSet.Builder> byTable = new IdentityHashMap<>();
      part.peers().forEach(source -> {
        Region table = with.table(source, Direction.EGRESS);
        if (said.contains(source)) {
          Traffic both = table
              .traffic(destination)
              .intersect(without.table(source, Direction.EGRESS).traffic(destination));
          changes.add(ClassSet.of(source), destination, both.intersect(part.traffic()));
        } else {
          byTable.computeIfAbsent(table, t -> new ClassSet.Builder()).add(source);
        }
      });
      byTable.forEach((table, sources) -> changes.add(
          sources.build(), destination, table.traffic(destination).intersect(part.traffic())));
    }
  }

  // --- to rows

  private record Target(ClassSet peers, Traffic traffic) {}

  /** Which of some sources count at a destination. */
  @FunctionalInterface
  private interface Counted {
    ClassSet of(ClassSet sources, int destination);
  }

  /** Differences as they are found: sources, a destination, traffic. */
  private final class Changes {
    private final Map<Target, List<ClassSet>> bySources = new LinkedHashMap<>();
    private final Counted counted;

    Changes(Counted counted) {
      this.counted = counted;
    }

    void add(ClassSet all, int destination, Traffic traffic) {
      ClassSet sources = traffic.isEmpty() ? ClassSet.EMPTY : counted.of(all, destination);
      if (!sources.isEmpty()) {
        bySources
            .computeIfAbsent(new Target(sources, traffic), target -> new ArrayList<>(2))
            .add(ClassSet.range(destination, destination + 1));
      }
    }

    /** The rows of both families; those that say the same become one. */
    List<Difference.DifferenceRow> rows() {
      AlikeRows rows = new AlikeRows();
      if (bySources.isEmpty()) {
        return List.of();
      }
      for (Family family : Family.values()) {
        ClassNames naming = names.apply(family);
        ClassSet speaking = joint.speaking(family);
        ClassSet inside = speaking.intersect(ClassSet.range(0, joint.inside()));
        Map<Target, List<ClassSet>> byDestinations = new LinkedHashMap<>();
        bySources.forEach((target, each) -> {
          ClassSet destinations = ClassSet.union(each);
          ClassSet sources = target.peers.intersect(speaking);
          // Nothing is said about what goes on outside.
          gather(
              byDestinations,
              sources.intersect(inside),
              destinations.intersect(speaking),
              target.traffic);
          gather(
              byDestinations,
              sources.minus(inside),
              destinations.intersect(inside),
              target.traffic);
        });
        for (Box box : fewest(byDestinations)) {
          ClassSet sources = withoutItself(box.sources, box.destinations);
          ClassSet destinations = withoutItself(box.destinations, box.sources);
          if (!sources.isEmpty() && !destinations.isEmpty()) {
            rows.add(new Difference.DifferenceRow(
                naming.who(sources), naming.who(destinations), box.traffic, Set.of(family)));
          }
        }
      }
      return rows.inOrder();
    }

    /** A pod's calls to itself always pass: where the other side is one pod, that pod is not on this side. */
    private ClassSet withoutItself(ClassSet side, ClassSet other) {
      return other.size() == 1 && joint.isOnePod(other.first()) ? side.minus(other) : side;
    }

    private void gather(
        Map<Target, List<ClassSet>> all, ClassSet sources, ClassSet destinations, Traffic traffic) {
      if (!sources.isEmpty() && !destinations.isEmpty()) {
        all.computeIfAbsent(new Target(destinations, traffic), target -> new ArrayList<>(2))
            .add(sources);
      }
    }
  }

  private record Box(ClassSet sources, ClassSet destinations, Traffic traffic) {}

  /** Sources with the same destinations are one row already; then destinations with the same sources become one. */
  private static List<Box> fewest(Map<Target, List<ClassSet>> byDestinations) {
    Map<Target, List<ClassSet>> bySources = new LinkedHashMap<>();
    byDestinations.forEach((target, sources) -> bySources
        .computeIfAbsent(
            new Target(ClassSet.union(sources), target.traffic), same -> new ArrayList<>(2))
        .add(target.peers));
    List<Box> boxes = new ArrayList<>();
    bySources.forEach((target, destinations) ->
        boxes.add(new Box(target.peers, ClassSet.union(destinations), target.traffic)));
    return boxes;
  }

  private SortedMap<Direction, SortedSet<String>> newlyIsolated() {
    SortedMap<Direction, SortedSet<String>> result = new TreeMap<>();
    touched.forEach((direction, classes) -> classes.forEach(number -> {
      if (number < joint.inside()
          && joint.before(number) != JointClasses.ABSENT
          && joint.after(number) != JointClasses.ABSENT
          && !before.isIsolated(joint.before(number), direction)
          && after.isIsolated(joint.after(number), direction)) {
        for (End.InPod end : joint.members(number)) {
          result
              .computeIfAbsent(direction, d -> new TreeSet<>(NaturalOrder.BY_NUMBERS))
              .add(end.workload().id());
        }
      }
    }));
    return result;
  }

  private static SortedSet<String> only(Plan here, Plan there) {
    SortedSet<String> ids = new TreeSet<>(NaturalOrder.BY_NUMBERS);
    // Where only policies differ both hold the same objects, which is seen without going through
    // their names.
    if (here.cluster().workloads().equals(there.cluster().workloads())) {
      return ids;
    }
    Set<String> owners = there.cluster().workloads().stream()
        .map(workload -> workload.namespace() + "/" + workload.lastingName())
        .collect(Collectors.toSet());
    here.cluster().workloads().stream()
        .filter(workload -> !owners.contains(workload.namespace() + "/" + workload.lastingName()))
        .forEach(workload -> ids.add(workload.id()));
    return ids;
  }
}
