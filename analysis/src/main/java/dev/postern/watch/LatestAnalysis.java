package dev.postern.watch;

import dev.postern.answer.Analysis;
import dev.postern.diff.PlannedCluster;
import dev.postern.diff.PlannedEarlier;
import dev.postern.manifest.ClusterState;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The analysis that was last asked for of any snapshot of a cluster, from which that of another snapshot starts. It is all that is kept of
 * plans besides those that snapshots hold. Safe for use by many threads.
 */
final class LatestAnalysis {

  /** Behind so many policies a plan is made anew. */
  private static final int BEHIND = 32;

  private record Latest(ClusterState state, Analysis analysis) {}

  private Optional<Latest> latest = Optional.empty();
  private Optional<PlannedCluster> planned = Optional.empty();

  synchronized Analysis of(ClusterState state, Options options) {
    Analysis next = latest
        .map(earlier -> earlier.analysis.after(state.cluster()))
        .orElseGet(() -> Analysis.of(state.cluster(), options));
    latest = Optional.of(new Latest(state, next));
    return next;
  }

  /** A plan of nearly what a snapshot holds; empty if it holds what policies leave open, as a plan has more policies then. */
  Optional<PlannedEarlier> planned(ClusterSnapshot snapshot) {
    Latest near =
        near(snapshot.state()).orElseGet(() -> new Latest(snapshot.state(), snapshot.analysis()));
    Plan plan = near.analysis.plan();
    return plan.cluster() == near.analysis.cluster()
        ? Optional.of(new PlannedEarlier(named(plan), since(near.state, snapshot.state())))
        : Optional.empty();
  }

  private synchronized Optional<Latest> near(ClusterState state) {
    return latest.filter(earlier -> earlier.state.policiesAddedBy(state).isPresent()
        && state.policiesAddedBy(earlier.state).isPresent()
        && since(earlier.state, state).size() <= BEHIND);
  }

  private synchronized PlannedCluster named(Plan plan) {
    PlannedCluster named =
        planned.map(earlier -> earlier.after(plan)).orElseGet(() -> new PlannedCluster(plan));
    planned = Optional.of(named);
    return named;
  }

  private static List<Policy> since(ClusterState earlier, ClusterState later) {
    List<Policy> since = new ArrayList<>(earlier.policiesAddedBy(later).orElse(List.of()));
    since.addAll(later.policiesAddedBy(earlier).orElse(List.of()));
    return since;
  }
}
