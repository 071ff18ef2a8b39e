package dev.postern.cli.replay;

import dev.postern.replay.Edges;
import dev.postern.replay.Replay;
import dev.postern.replay.Replay.ReplayRow;
import dev.postern.traffic.Count;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.Omission;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be printed.
 *
 * @param replay how the policies treat the recorded traffic
 * @param leftOut how many entries say nothing about policies, by why, in plain words
 * @param logs what was read
 */
public record ReplayResult(Replay replay, SortedMap<String, Long> leftOut, List<LogSummary> logs) {

  public ReplayResult {
    logs = List.copyOf(logs);
  }

  /** What came of logs that were read into edges. */
  public static ReplayResult of(Replay replay, Edges edges, List<LogSummary> logs) {
    SortedMap<String, Long> leftOut = new TreeMap<>();
    edges.leftOut().forEach((Omission why, Long times) -> leftOut.put(why.words(), times));
    return new ReplayResult(replay, leftOut, logs);
  }

  /** How many flows were judged. */
  long flows() {
    return replay.rows().stream().mapToLong(ReplayRow::flows).reduce(0, Count::plus);
  }

  /** How many of them are taken as passed, since nothing that saw them knows policies. */
  long assumed() {
    return replay.rows().stream()
        .filter(ReplayRow::assumed)
        .mapToLong(ReplayRow::flows)
        .reduce(0, Count::plus);
  }

  long unreadable() {
    return logs.stream().mapToLong(LogSummary::unreadable).sum();
  }

  /** When the first of it was seen. */
  Optional<Instant> first() {
    return replay.rows().stream()
        .flatMap(row -> row.first().stream())
        .min(Comparator.naturalOrder());
  }

  /** When the last of it was seen. */
  Optional<Instant> last() {
    return replay.rows().stream()
        .flatMap(row -> row.last().stream())
        .max(Comparator.naturalOrder());
  }
}
