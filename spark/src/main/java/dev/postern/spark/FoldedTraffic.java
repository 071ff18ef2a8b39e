package dev.postern.spark;

import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.format.ColumnRecord;
import dev.postern.traffic.format.Columns;
import dev.postern.traffic.format.CsvFormat;
import dev.postern.traffic.format.FlowFormats;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Traffic as tasks fold it, each its part, by the readers and the folding of one machine; what they fold to meets, is folded again, and comes
 * to the driver. What a task did that failed counts for nothing, so that it is whole or is not there.
 *
 * @param flows what all of it comes to
 * @param logs what reading it came to
 */
record FoldedTraffic(List<FoldedFlow> flows, List<FoldedLog> logs) {

  /** In how many parts records meet before they come to the driver. */
  private static final int PARTS = 8;

  /** What a task makes of its part. */
  private record Part(List<FoldedFlow> flows, FoldedLog log) implements Serializable {

    static Part of(Folding folding, FoldedLog log) {
      return new Part(new ArrayList<>(folding.folded().toList()), log);
    }
  }

  /**
   * Reads logs, a file or a part of a long file a task.
   *
   * @param paths files or folders, on any file system that Hadoop knows; one that is named twice is read once
   * @param format the name of a format; empty if the first lines of each file decide
   * @throws IOException if a path cannot be listed
   */
  static FoldedTraffic ofLogs(
      SparkSession spark,
      List<String> paths,
      String format,
      List<TimedSnapshot> snapshots,
      Folding.Maker folding)
      throws IOException {
    formats(format);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Configuration configuration = context.hadoopConfiguration();
    long most = spark.sessionState().conf().filesMaxPartitionBytes();
    List<LogPart> files = LogPart.of(paths, configuration, most);
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(configuration));
    Broadcast<List<TimedSnapshot>> clusters = context.broadcast(List.copyOf(snapshots));
    JavaRDD<Part> parts = context.parallelize(files, files.size()).map(file -> {
      Folding sink = folding.of(clusters.value());
      LogSummary log = file.read(formats(format), hadoop.value().value(), sink);
      return Part.of(sink, FoldedLog.of(log, sink.records(), sink.omissions()));
    });
    return gathered(parts, clusters, folding);
  }

  /**
   * Reads a table.
   *
   * @param columns for the fields of a flow, what the table calls them; a field that is not named is looked for under its own name
   * @param distinct whether rows that are equal in all columns are one
   * @throws IllegalArgumentException if it lacks a column that is named or needed
   */
  static FoldedTraffic ofTable(
      Dataset<Row> table,
      Map<CsvFormat.Field, String> columns,
      boolean distinct,
      List<TimedSnapshot> snapshots,
      Folding.Maker folding) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
    TreeMap<CsvFormat.Field, Integer> places = places(table, columns);
    Broadcast<List<TimedSnapshot>> clusters = context.broadcast(List.copyOf(snapshots));
    JavaRDD<Part> parts = (distinct ? table.distinct() : table)
        .javaRDD()
        .mapPartitions(
            rows -> List.of(read(rows, places, folding.of(clusters.value()))).iterator());
    return gathered(parts, clusters, folding);
  }

  private static TreeMap<CsvFormat.Field, Integer> places(
      Dataset<Row> table, Map<CsvFormat.Field, String> columns) {
    try {
      return new TreeMap<>(
          Columns.of("table", Arrays.asList(table.columns()), columns).places());
    } catch (UnreadableEntry problem) {
      throw new IllegalArgumentException(problem.why());
    }
  }

  private static FoldedTraffic gathered(
      JavaRDD<Part> parts, Broadcast<List<TimedSnapshot>> clusters, Folding.Maker folding) {
    parts.cache();
    try {
      List<FoldedLog> logs = parts.map(Part::log).collect();
      List<FoldedFlow> flows = parts
          .flatMap(part -> part.flows().iterator())
          .mapToPair(flow -> new Tuple2<>(flow.group(), flow))
          .partitionBy(new HashPartitioner(PARTS))
          .values()
          .mapPartitions(part -> {
            Folding folded = folding.of(clusters.value());
            folded.takeFolded(part);
            return folded.folded().iterator();
          })
          .collect();
      return new FoldedTraffic(flows, logs);
    } finally {
      parts.unpersist();
    }
  }

  private static List<FlowFormat> formats(String format) {
    return format.isEmpty()
        ? FlowFormats.ALL
        : List.of(FlowFormats.named(format)
            .orElseThrow(() -> new IllegalArgumentException("no format `" + format + "`")));
  }

  private static Part read(Iterator<Row> rows, Map<CsvFormat.Field, Integer> places, Folding sink) {
    LogPlace place = new LogPlace("table", 1);
    ArrayList<String> problems = new ArrayList<>();
    long unreadable = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      try {
        ColumnRecord.read(field -> text(row, places, field), place, sink);
      } catch (UnreadableEntry wrong) {
        unreadable++;
        if (problems.size() < LogSummary.TOLD) {
          problems.add("table: error: " + wrong.why() + ": " + row.mkString(","));
        }
      }
    }
    return Part.of(
        sink,
        new FoldedLog(
            "table",
            "table",
            sink.records(),
            FoldedLog.copy(sink.omissions()),
            unreadable,
            problems));
  }

  private static String text(Row row, Map<CsvFormat.Field, Integer> places, CsvFormat.Field field) {
    Integer place = places.get(field);
    if (place == null || row.isNullAt(place)) {
      return "";
    }
    Object value = row.get(place);
    return value instanceof java.sql.Timestamp moment
        ? moment.toInstant().toString()
        : value.toString();
  }
}
