package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.reach.Connectivity;
import java.util.List;
import java.util.Optional;

/** A cluster with which others are compared one after the other: what is looked up in it is looked up once. For one thread. */
public final class ComparedCluster {

  private final Cluster cluster;
  private final Options options;
  private Optional<ScannedCluster> scanned = Optional.empty();
  private Optional<RowCauseSearch.Version> version = Optional.empty();

  /** A cluster under the options under which all are compared. */
  public ComparedCluster(Cluster cluster, Options options) {
    this.cluster = cluster;
    this.options = options;
  }

  /** What another cluster opens and closes. */
  public Difference to(Cluster after) {
    List<Policy> removed = PolicyChanges.lacking(cluster.policies(), after.policies());
    List<Policy> added = PolicyChanges.lacking(after.policies(), cluster.policies());
    if (RelevantPolicies.isPossible(cluster, after)
        && !Connectivity.needsController(cluster)
        && !Connectivity.needsController(after)) {
      ScannedCluster was = scanned();
      return Difference.between(was, was.with(after, removed, added), removed, added, options);
    }
    return Difference.between(Plan.of(cluster, options), Plan.of(after, options))
        .noting(cluster, after, scanned(), ScannedCluster.of(after), removed, added, options);
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
