package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.reach.Connectivity;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A cluster with which others are compared one after the other: what is looked up in it is looked up once. For one thread. */
public final class ComparedCluster {

  private final Cluster cluster;
  private final Options options;
  private final Supplier<Plan> planned;
  private Optional<ScannedCluster> scanned = Optional.empty();
  private Optional<RowCauseSearch.Version> version = Optional.empty();
  private Optional<Plan> plan = Optional.empty();

  /** A cluster under the options under which all are compared. */
  public ComparedCluster(Cluster cluster, Options options) {
    this(cluster, options, () -> Plan.of(cluster, options));
  }

  /**
   * A cluster that is planned otherwise, too.
   *
   * @param planned its plan under these options; asked for once where more than policies differ, and else not at all
   */
  public ComparedCluster(Cluster cluster, Options options, Supplier<Plan> planned) {
    this.cluster = cluster;
    this.options = options;
    this.planned = planned;
  }

  /** What another cluster opens and closes. */
  public Difference to(Cluster after) {
    return to(after, () -> Plan.of(after, options));
  }

  /**
   * What another cluster opens and closes, which is planned otherwise, too.
   *
   * @param plannedAfter its plan under the same options; asked for once where more than policies differ, and else not at all
   */
  public Difference to(Cluster after, Supplier<Plan> plannedAfter) {
    List<Policy> removed = PolicyChanges.lacking(cluster.policies(), after.policies());
    List<Policy> added = PolicyChanges.lacking(after.policies(), cluster.policies());
    if (RelevantPolicies.isPossible(cluster, after)
        && !Connectivity.needsController(cluster)
        && !Connectivity.needsController(after)) {
      ScannedCluster here = scanned();
      return Difference.between(here, here.with(after, removed, added), removed, added, options)
          .andNoting(ChangedServices.note(cluster, after).stream().toList());
    }
    Plan was = plan.orElseGet(planned);
    plan = Optional.of(was);
    return Difference.between(was, plannedAfter.get())
        .noting(
            cluster,
            after,
            scanned(),
            ScannedCluster.of(after),
            ChangedPolicies.of(removed, added),
            options)
        .alsoUndecided(UndecidedReason.ofDeclarations(cluster, after));
  }

  /** What turned the rows of the difference to another cluster. */
  public RowCauseSearch causes(Cluster after) {
    RowCauseSearch.Version was =
        version.orElseGet(() -> new RowCauseSearch.Version(cluster, options));
    version = Optional.of(was);
    return new RowCauseSearch(was, was.with(after, options));
  }

  private ScannedCluster scanned() {
    ScannedCluster all = scanned.orElseGet(() -> ScannedCluster.of(cluster));
    scanned = Optional.of(all);
    return all;
  }
}
