package dev.postern.spark;

import dev.postern.replay.SeenFlows;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.Omission;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What was seen of one cluster over several snapshots, as suggestions need it. Not thread-safe. */
final class SnapshotFlows implements Folding {

  private final List<TimedSnapshot> snapshots;
  private final List<SeenFlows> seen = new ArrayList<>();
  private final EnumMap<Omission, Long> omissions = new EnumMap<>(Omission.class);
  private long records;

  SnapshotFlows(List<TimedSnapshot> snapshots) {
    this.snapshots = snapshots;
    for (TimedSnapshot snapshot : snapshots) {
      seen.add(new SeenFlows(snapshot.cluster().policies().plan()));
    }
  }

  @Override
  public void flow(FlowRecord flow) {
    int at = TimedSnapshot.of(flow.first(), snapshots);
    if (at < 0) {
      leftOut(Omission.NO_SNAPSHOT);
    } else {
      records++;
      seen.get(at).flow(flow);
    }
  }

  @Override
  public void leftOut(Omission why) {
    omissions.merge(why, 1L, Long::sum);
  }

  @Override
  public void takeFolded(Iterator<FoldedFlow> flows) {
    flows.forEachRemaining(flow -> seen.get(flow.snapshot()).flow(flow.flow()));
  }

  @Override
  public Stream<FoldedFlow> folded() {
    return IntStream.range(0, seen.size())
        .boxed()
        .flatMap(i -> seen.get(i).records().map(flow -> FoldedFlow.of(i, flow)));
  }

  @Override
  public long records() {
    return records - replies();
  }

  private long replies() {
    return seen.stream()
        .mapToLong(each -> each.leftOut().getOrDefault(Omission.REPLY, 0L))
        .sum();
  }

  @Override
  public Map<Omission, Long> omissions() {
    EnumMap<Omission, Long> all = new EnumMap<>(omissions);
    for (SeenFlows each : seen) {
      each.leftOut().forEach((why, times) -> all.merge(why, times, Long::sum));
    }
    return all;
  }

  /** All of it in the words of the last snapshot. */
  SeenFlows inTheLast() {
    SeenFlows last = seen.get(seen.size() - 1);
    for (SeenFlows earlier : seen.subList(0, seen.size() - 1)) {
      earlier.recordsWithoutAddresses().forEach(last::flow);
    }
    return last;
  }
}
