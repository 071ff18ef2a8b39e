package dev.postern.spark;

import dev.postern.answer.Reason;
import dev.postern.replay.Replay;
import dev.postern.traffic.Omission;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /** How many problems are kept. */
  private static final int TOLD = 100;

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
      for (Replay.Row row : replays.get(i).rows()) {
        rows.add(row(snapshot, row));
      }
    }
    EnumMap<Omission, Long> omissions = new EnumMap<>(Omission.class);
    long unreadable = 0;
    long records = 0;
    List<String> problems = new ArrayList<>();
    for (FoldedLog log : logs) {
      log.omissions().forEach((why, times) -> omissions.merge(why, times, Long::sum));
      unreadable += log.unreadable();
      records += log.records();
      problems.addAll(log.told());
    }
    return new ReplayTable(
        spark.createDataFrame(rows, SCHEMA),
        records,
        new TreeMap<>(omissions),
        unreadable,
        problems.stream().sorted().limit(TOLD).toList());
  }

  private static Row row(TimedSnapshot snapshot, Replay.Row row) {
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

  /** Whether all was read, and all of it could be judged and still fares as it did. */
  public boolean isClean() {
    return unreadable == 0
        && !omissions.containsKey(Omission.NO_SNAPSHOT)
        && rows.filter("fate <> 'same'").isEmpty();
  }

  /**
   * Writes the rows as Parquet, a folder a fate, and then what could not be read. A folder that is there is never added to; Spark's committer
   * puts {@code _SUCCESS} into it when it is whole.
   *
   * @param path where, on any file system that Hadoop knows
   */
  public void write(String path) {
    rows.coalesce(1)
        .write()
        .mode(SaveMode.ErrorIfExists)
        .partitionBy("fate")
        .parquet(path + "/edges");
    SparkSession spark = rows.sparkSession();
    List<Row> facts = new ArrayList<>();
    facts.add(RowFactory.create("records", records, ""));
    facts.add(RowFactory.create("unreadable", unreadable, String.join("\n", problems)));
    omissions.forEach((why, times) -> facts.add(RowFactory.create("left out", times, why.words())));
    spark
        .createDataFrame(
            facts,
            new StructType()
                .add("what", DataTypes.StringType)
                .add("times", DataTypes.LongType)
                .add("detail", DataTypes.StringType))
        .coalesce(1)
        .write()
        .mode(SaveMode.ErrorIfExists)
        .json(path + "/summary");
  }
}
