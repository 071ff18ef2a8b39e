package dev.postern.watch;

import dev.postern.answer.Analysis;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import java.util.Optional;

/**
 * The analysis that was last asked for of any snapshot of a cluster, from which that of another snapshot starts. It is all that is kept of
 * plans besides those that snapshots hold. Safe for use by many threads.
 */
final class LatestAnalysis {

  private Optional<Analysis> latest = Optional.empty();

  synchronized Analysis of(Cluster cluster, Options options) {
    Analysis next = latest
        .map(earlier -> earlier.after(cluster))
        .orElseGet(() -> Analysis.of(cluster, options));
    latest = Optional.of(next);
    return next;
  }
}
