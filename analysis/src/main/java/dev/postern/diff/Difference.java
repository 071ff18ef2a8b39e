package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.reach.Unplaced;
import dev.postern.reach.WithoutAddress;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the change from one cluster to another opens and closes.
 *
 * <p>Traffic that passes for certain after and did not before is opened, and so is traffic that only may pass after and could not before;
 * closed is the reverse. Exemptions (a pod's calls to itself, its own node) are not in it: no policy changes them.
 *
 * @param opened what passes now and did not
 * @param closed what passed and does not any more
 * @param newlyIsolated workloads that a NetworkPolicy isolates now and none did, by direction
 * @param added workloads that are new
 * @param removed workloads that are gone
 * @param undecided why there may be more than the rows say, if not all that decides was understood
 * @param notes what the rows take for granted
 */
public record Difference(
    List<DifferenceRow> opened,
    List<DifferenceRow> closed,
    SortedMap<Direction, SortedSet<String>> newlyIsolated,
    SortedSet<String> added,
    SortedSet<String> removed,
    Optional<String> undecided,
    List<String> notes) {

  /**
   * Traffic between everyone on one side and everyone on the other.
   *
   * @param source who calls
   * @param destination who is called
   * @param traffic what passes
   * @param families over which: both, or one if the other differs or does not occur
   */
  public record DifferenceRow(
      RowSide source, RowSide destination, Traffic traffic, Set<Family> families) {
    public DifferenceRow {
      families = Collections.unmodifiableSet(EnumSet.copyOf(families));
    }

    /** Both rows in one: addresses of one family only ever meet their like. */
    DifferenceRow with(DifferenceRow other) {
      Set<Family> both = EnumSet.copyOf(families);
      both.addAll(other.families);
      return new DifferenceRow(
          source.with(other.source.addresses()),
          destination.with(other.destination.addresses()),
          traffic,
          both);
    }

    /** {@code shop/frontend -> shop/db on tcp/5432}. */
    @Override
    public String toString() {
      return source + " -> " + destination + " on " + traffic;
    }
  }

  public Difference {
    opened = List.copyOf(opened);
    closed = List.copyOf(closed);
    newlyIsolated = Collections.unmodifiableSortedMap(newlyIsolated);
    added = Collections.unmodifiableSortedSet(added);
    removed = Collections.unmodifiableSortedSet(removed);
    notes = List.copyOf(notes);
  }

  private static final Difference NOTHING = new Difference(
      List.of(),
      List.of(),
      new TreeMap<>(),
      new TreeSet<>(),
      new TreeSet<>(),
      Optional.empty(),
      List.of());

  private Difference with(List<DifferenceRow> moreOpened, List<DifferenceRow> moreClosed) {
    return moreOpened.isEmpty() && moreClosed.isEmpty()
        ? this
        : new Difference(
            Stream.concat(opened.stream(), moreOpened.stream()).toList(),
            Stream.concat(closed.stream(), moreClosed.stream()).toList(),
            newlyIsolated,
            added,
            removed,
            undecided,
            notes);
  }

  private Difference with(Optional<String> reason, List<String> said) {
    return new Difference(opened, closed, newlyIsolated, added, removed, reason, said);
  }

  /** The same, with more that the rows take for granted. */
  Difference andNoting(List<String> more) {
    return more.isEmpty()
        ? this
        : with(undecided, Stream.concat(notes.stream(), more.stream()).toList());
  }

  /** The same, of which this makes, too, that there may be more. */
  Difference alsoUndecided(Optional<String> reason) {
    return reason.isEmpty() || undecided.equals(reason)
        ? this
        : with(
            Optional.of(undecided.map(why -> why + "; " + reason.get()).orElseGet(reason::get)),
            notes);
  }

  /** The same, of which this makes that there may be more. */
  Difference undecided(Optional<String> reason) {
    return with(reason, notes);
  }

  /** Whether both clusters let pass exactly the same, for certain. */
  public boolean isEmpty() {
    return opened.isEmpty() && closed.isEmpty() && undecided.isEmpty();
  }

  /** Compares what two clusters let pass. */
  public static Difference between(Plan before, Plan after) {
    return OtherFamily.difference(before, after, true)
        .with(EnteringChanges.opened(before, after), EnteringChanges.opened(after, before));
  }

  /** Compares what two clusters let pass, and says where that cannot be known. */
  public static Difference between(Cluster before, Cluster after, Options options) {
    return new ComparedCluster(before, options).to(after);
  }

  /**
   * Compares two clusters that differ in their policies alone, and in which no ingress controller is missing: no more is looked up and planned
   * than the difference asks for.
   *
   * @param removed policies that only the first has
   * @param added policies that only the second has
   */
  public static Difference between(
      ClusterLookup before,
      ClusterLookup after,
      List<Policy> removed,
      List<Policy> added,
      Options options) {
    return between(
        before, after, removed, added, options, Integer.MAX_VALUE, () -> Optional.empty());
  }

  /**
   * The same where a version of the cluster is planned as a whole already, or will be: beside it a change costs the same however many pods it is
   * about.
   *
   * @param many how many workloads a change has to be about for that plan to be asked for
   * @param earlier the plan; asked for once, if at all
   */
  public static Difference between(
      ClusterLookup before,
      ClusterLookup after,
      List<Policy> removed,
      List<Policy> added,
      Options options,
      int many,
      Supplier<Optional<PlannedEarlier>> earlier) {
    ChangedPolicies changed = ChangedPolicies.of(removed, added);
    RelevantPolicies narrowed = new RelevantPolicies(before, after, changed, options);
    if (!narrowed.anyChange()) {
      return NOTHING.noting(Cluster.EMPTY, Cluster.EMPTY, before, after, changed, options);
    }
    if (narrowed.isAboutAtLeast(many)) {
      Optional<PlannedEarlier> planned = earlier.get();
      Optional<Difference> found =
          planned.flatMap(plan -> plan.cluster().difference(before, after, plan.since(), changed));
      if (planned.isPresent() && found.isPresent()) {
        Cluster whole = planned.get().cluster().plan().cluster();
        return found.get().noting(whole, whole, before, after, changed, options);
      }
    }
    List<Cluster> versions = narrowed.versions();
    List<Plan> plans = Plan.ofEach(versions, options);
    return OtherFamily.difference(plans.get(0), plans.get(1), narrowed.isWhole())
        .noting(versions.get(0), versions.get(1), before, after, changed, options);
  }

  /** With what else is to be said; the first two clusters hold all that the rows are about. */
  Difference noting(
      Cluster was,
      Cluster is,
      ClusterLookup before,
      ClusterLookup after,
      ChangedPolicies changed,
      Options options) {
    boolean hosts = !before.hosts().isEmpty() || !after.hosts().isEmpty();
    return with(
        Stream.of(undecided, UndecidedReason.between(before, after, changed))
            .flatMap(Optional::stream)
            .reduce((one, other) -> one + "; " + other),
        Stream.concat(
                notes.stream().map(Optional::of),
                Stream.of(
                    withoutPods(before, after, changed),
                    hosts
                        ? Unplaced.note(concerned(was, is), options, Unplaced.Treatment.BY_POLICIES)
                        : Optional.<String>empty(),
                    ownNodes(was, is, hosts, options),
                    WithoutAddress.note(after.withoutAddress(), changed.saying(), options)))
            .flatMap(Optional::stream)
            .toList());
  }

  /** Policies are compared for the pods that are there. */
  private static Optional<String> withoutPods(
      ClusterLookup before, ClusterLookup after, ChangedPolicies changed) {
    return before.inhabited().isEmpty()
            && after.inhabited().isEmpty()
            && changed.saying().findAny().isPresent()
        ? Optional.of(
            "there are no pods that the policies could be about, so that no traffic was compared")
        : Optional.empty();
  }

  /** That rows leave out what passes whatever policies say, where pods and their own nodes are among their ends. */
  private Optional<String> ownNodes(
      Cluster before, Cluster after, boolean anyHosts, Options options) {
    if (!options.nodeTrafficPasses()
        || !anyHosts && before.nodes().isEmpty() && after.nodes().isEmpty()) {
      return Optional.empty();
    }
    List<Workload> ends = concerned(before, after).toList();
    Set<String> hosts = nodesOf(ends, true);
    AddressSet addresses = Stream.concat(opened.stream(), closed.stream())
        .flatMap(row -> Stream.of(row.source(), row.destination()))
        .map(RowSide::addresses)
        .reduce(AddressSet.EMPTY, AddressSet::union);
    Stream.concat(before.nodes().stream(), after.nodes().stream())
        .filter(node -> node.addresses().stream().anyMatch(addresses::contains))
        .forEach(node -> hosts.add(node.name()));
    hosts.retainAll(nodesOf(ends, false));
    return !hosts.isEmpty()
        ? Optional.of(
            "what a pod exchanges with its own node, and with pods on its node's host network, passes whatever policies say; the rows are about policies alone")
        : Optional.empty();
  }

  private static Set<String> nodesOf(List<Workload> workloads, boolean hostNetwork) {
    return workloads.stream()
        .filter(workload -> workload.hostNetwork() == hostNetwork)
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.node().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The workloads that the rows are about. */
  private Stream<Workload> concerned(Cluster before, Cluster after) {
    Set<String> named = Stream.concat(opened.stream(), closed.stream())
        .flatMap(row -> Stream.of(row.source(), row.destination()))
        .flatMap(side -> side.workloads().stream())
        .collect(Collectors.toSet());
    return named.isEmpty()
        ? Stream.of()
        : Stream.concat(after.workloads().stream(), before.workloads().stream())
            .filter(workload -> named.contains(workload.id()));
  }
}
