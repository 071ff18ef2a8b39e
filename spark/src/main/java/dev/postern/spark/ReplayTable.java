package dev.postern.spark;

import dev.postern.answer.Reason;
import dev.postern.replay.Replay;
import dev.postern.traffic.Omission;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What a replay on Spark came to.
 *
 * @param rows an edge a row: {@code valid_from} of its snapshot, {@code fate} ({@code breaks}, {@code opens}, {@code unknown} or
 *     {@code same}), {@code source}, {@code destination}, {@code protocol}, {@code port}, {@code flows}, {@code bytes}, {@code first},
 *     {@code last}, {@code assumed} and {@code because}
 * @param records how many records were judged
 * @param omissions how many entries say nothing about policies, by why
 * @param unreadable how many entries could not be read
 * @param problems the first of them
 */
public record ReplayTable(
    Dataset<Row> rows,
    long records,
    SortedMap<Omission, Long> omissions,
    long unreadable,
    List<String> problems) {

  static final StructType SCHEMA = new StructType()
      .add("valid_from", DataTypes.TimestampType)
      .add("fate", DataTypes.StringType)
      .add("source", DataTypes.StringType)
      .add("destination", DataTypes.StringType)
      .add("protocol", DataTypes.StringType)
      .add("port", DataTypes.IntegerType)
      .add("flows", DataTypes.LongType)
      .add("bytes", DataTypes.LongType)
      .add("first", DataTypes.TimestampType)
      .add("last", DataTypes.TimestampType)
      .add("assumed", DataTypes.BooleanType)
      .add("because", DataTypes.StringType);

  static ReplayTable of(
      SparkSession spark,
      List<TimedSnapshot> snapshots,
      SnapshotEdges edges,
      List<FoldedLog> logs) {
    List<Row> rows = new ArrayList<>();
    List<Replay> replays = edges.replays();
    for (int i = 0; i < replays.size(); i++) {
      TimedSnapshot snapshot = snapshots.get(i);
      for (Replay.ReplayRow row : replays.get(i).rows()) {
        rows.add(row(snapshot, row));
      }
    }
    ReadTally read = ReadTally.of(logs);
    return new ReplayTable(
        spark.createDataFrame(rows, SCHEMA),
        read.records(),
        read.omissions(),
        read.unreadable(),
        read.problems());
  }

  private static Row row(TimedSnapshot snapshot, Replay.ReplayRow row) {
    return RowFactory.create(
        snapshot.isAlways() ? null : Timestamp.from(snapshot.validFrom()),
        fate(row.fate()),
        row.source(),
        row.destination(),
        row.protocol().name(),
        row.port(),
        row.flows(),
        row.bytes(),
        timestamp(row.first()),
        timestamp(row.last()),
        row.assumed(),
        row.reason().isEmpty()
            ? row.judgement()
                .map(judgement -> Reason.of(judgement).stream()
                    .map(Reason::toString)
                    .collect(Collectors.joining("; ")))
                .orElse("")
            : row.reason());
  }

  private static String fate(Replay.Fate fate) {
    return fate == Replay.Fate.UNDECIDED ? "unknown" : fate.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Timestamp timestamp(Optional<Instant> moment) {
    return moment.map(Timestamp::from).orElse(null);
  }

  /** Whether all was read, and all of it could be judged and is still treated as it was. */
  public boolean isClean() {
    return unreadable == 0
        && !omissions.containsKey(Omission.NO_SNAPSHOT)
        && rows.filter("fate <> 'same'").isEmpty();
  }

  /**
   * Writes what was left out and could not be read, as JSON, and then the rows as Parquet, a folder a fate. A folder that is there is never
   * added to; Spark's committer puts {@code _SUCCESS} into each when it is whole, into that of the rows last.
   *
   * @param path where, on any file system that Hadoop knows
   */
  public void write(String path) {
    new ReadTally(records, omissions, unreadable, problems)
        .write(rows.sparkSession(), List.of(), path + "/summary");
    rows.coalesce(1)
        .write()
        .mode(SaveMode.ErrorIfExists)
        .partitionBy("fate")
        .parquet(path + "/edges");
  }
}
