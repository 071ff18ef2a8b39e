package dev.postern.spark;

import dev.postern.replay.Edges;
import dev.postern.replay.Replay;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.Omission;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Edges of several snapshots of one cluster: a record is of the snapshot that was valid when it was first seen. Not thread-safe. */
final class SnapshotEdges implements Folding {

  private final List<TimedSnapshot> snapshots;
  private final List<Edges> edges = new ArrayList<>();
  private final EnumMap<Omission, Long> omissions = new EnumMap<>(Omission.class);

  SnapshotEdges(List<TimedSnapshot> snapshots) {
    this.snapshots = snapshots;
    for (TimedSnapshot snapshot : snapshots) {
      edges.add(new Edges(snapshot.cluster().policies().plan()));
    }
  }

  @Override
  public void flow(FlowRecord flow) {
    int at = TimedSnapshot.of(flow.first(), snapshots);
    if (at < 0) {
      leftOut(Omission.NO_SNAPSHOT);
    } else {
      edges.get(at).flow(flow);
    }
  }

  @Override
  public void leftOut(Omission why) {
    omissions.merge(why, 1L, Long::sum);
  }

  @Override
  public void takeFolded(Iterator<FoldedFlow> flows) {
    flows.forEachRemaining(flow -> edges.get(flow.snapshot()).flow(flow.flow()));
  }

  @Override
  public Stream<FoldedFlow> folded() {
    return IntStream.range(0, edges.size())
        .boxed()
        .flatMap(i -> edges.get(i).records().map(flow -> FoldedFlow.of(i, flow)));
  }

  @Override
  public long records() {
    return edges.stream().mapToLong(Edges::flows).sum();
  }

  @Override
  public Map<Omission, Long> omissions() {
    EnumMap<Omission, Long> all = new EnumMap<>(omissions);
    for (Edges each : edges) {
      each.leftOut().forEach((why, times) -> all.merge(why, times, Long::sum));
    }
    return all;
  }

  /** How what was seen is treated, in the order of the snapshots. */
  List<Replay> replays() {
    List<Replay> replays = new ArrayList<>();
    for (int i = 0; i < edges.size(); i++) {
      replays.add(Replay.of(edges.get(i), snapshots.get(i).cluster().policies()));
    }
    return replays;
  }
}
