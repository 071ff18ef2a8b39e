package dev.postern.plan;

import dev.postern.cluster.Workload;
import java.util.ArrayList;
import java.util.List;

/** The workloads that are in a later version of a cluster and not in the one that was sorted, as the same objects. */
final class AddedWorkloads {

  private final EndpointList all;
  /** By endpoint its class; of newcomers not said yet. */
  private final int[] classOf;

  private final List<Workload> workloads = new ArrayList<>();
  /** The place of each among all workloads. */
  private final List<Integer> places = new ArrayList<>();

  /**
   * Looks for them.
   *
   * @param later the workloads of the later version, in the same order
   */
  AddedWorkloads(Classes before, List<Workload> later) {
    List<Workload> earlier = before.list().workloads();
    List<int[]> kept = new ArrayList<>();
    int was = 0;
    int is = 0;
    while (is < later.size()) {
      int same = 0;
      while (was + same < earlier.size()
          && is + same < later.size()
          && earlier.get(was + same) == later.get(is + same)) {
        same++;
      }
      if (same > 0) {
        kept.add(new int[] {was, is, same});
      }
      was += same;
      is += same;
      // The order says which of the two is missing on the other side.
      int order =
          is == later.size() || was == earlier.size() ? 1 : order(earlier.get(was), later.get(is));
      if (is < later.size() && order >= 0) {
        workloads.add(later.get(is));
        places.add(is);
        is++;
      }
      if (order <= 0) {
        was++;
      }
    }
    this.all = new EndpointList(later, before.list(), kept, places);
    this.classOf = new int[all.size()];
    for (int[] run : kept) {
      int from = before.list().start(run[0]);
      int to = before.list().start(run[0] + run[2]);
      before.copyTo(from, classOf, all.start(run[1]), to - from);
    }
  }

  private static int order(Workload one, Workload other) {
    int byNamespace = one.namespace().compareTo(other.namespace());
    int byName = byNamespace != 0 ? byNamespace : one.name().compareTo(other.name());
    return byName != 0 ? byName : one.kind().compareTo(other.kind());
  }

  List<Workload> workloads() {
    return workloads;
  }

  /** All endpoints of the later version. */
  EndpointList endpoints() {
    return all;
  }

  /**
   * By endpoint of the later version its class, by the earlier numbers.
   *
   * @param theirs by endpoint of the newcomers its class
   */
  int[] among(int[] theirs) {
    int next = 0;
    for (int place : places) {
      for (int endpoint = all.start(place); endpoint < all.start(place + 1); endpoint++) {
        classOf[endpoint] = theirs[next++];
      }
    }
    return classOf;
  }
}
