package dev.postern.watch;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.ClusterState;
import dev.postern.manifest.ObjectEvent;
import dev.postern.meaning.Options;
import java.util.List;
import java.util.Objects;

/**
 * A cluster for programs that stay up: takes what a watch tells of its objects, and has at any moment a snapshot that can be asked.
 *
 * <pre>{@code
 * WatchedCluster cluster = WatchedCluster.of(Manifests.load(Path.of("manifests")).cluster());
 * cluster.accept(new ObjectEvent.Applied(ClusterObject.of(policy)));
 *
 * ClusterSnapshot now = cluster.snapshot();
 * now.judge(flow);              // the verdict and its reasons
 * now.wouldOpen(event);         // what a change would open and close, without making it
 * }</pre>
 *
 * <p>Safe for use by many threads. Events are taken one after the other, in the order in which threads come; {@link #snapshot} never waits,
 * and a snapshot stays as it is whatever happens after. A thread that has given an event sees it in every snapshot that it takes from then
 * on, and the events of one call are seen all or none.
 */
public final class WatchedCluster {

  private volatile ClusterSnapshot current;

  private WatchedCluster(ClusterSnapshot start) {
    this.current = start;
  }

  /** A cluster of which nothing is known yet, with the default options. */
  public static WatchedCluster empty() {
    return of(Cluster.EMPTY);
  }

  /** A cluster that is at first what was read, with the default options. */
  public static WatchedCluster of(Cluster start) {
    return of(start, Options.DEFAULT);
  }

  /**
   * A cluster that is at first what was read. Of a workload with pods it keeps the pods: when the last is gone, so is the workload, unless its
   * controller is told of as well.
   *
   * @param options how snapshots answer
   */
  public static WatchedCluster of(Cluster start, Options options) {
    return new WatchedCluster(new ClusterSnapshot(ClusterState.of(start), options));
  }

  /** Takes an event. One that changes nothing, as the end of an object that is not there, leaves the snapshot as it is. */
  public void accept(ObjectEvent event) {
    accept(List.of(Objects.requireNonNull(event, "event")));
  }

  /** Takes events as one: no snapshot shows some of them without the others. */
  public synchronized void accept(List<? extends ObjectEvent> events) {
    current = current.after(events);
  }

  /** The cluster as it is now. */
  public ClusterSnapshot snapshot() {
    return current;
  }
}
