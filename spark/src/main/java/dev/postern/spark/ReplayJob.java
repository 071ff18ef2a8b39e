package dev.postern.spark;

import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.format.ColumnRecord;
import dev.postern.traffic.format.CsvFormat;
import dev.postern.traffic.format.FlowFormats;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * {@code replay} on Spark: each task folds its part of the traffic into edges, by the same readers and the same folding as on one machine;
 * the edges meet, are folded again, and are judged once. What a task did that failed counts for nothing, so that the table is whole or is
 * not there.
 */
public final class ReplayJob {

  /** In how many parts edges meet before they come to the driver. */
  private static final int PARTS = 8;

  private ReplayJob() {}

  /** A folded record, or what reading came to. */
  private record Part(List<FoldedFlow> flows, List<FoldedLog> logs)
      implements java.io.Serializable {}

  /**
   * Replays logs: files in the formats of {@code replay}, compressed or not, a file a task. Spark's own {@code SparkException}, which is checked
   * and not declared, ends it if a file cannot be read, as where compressed bytes end too early.
   *
   * @param paths files or folders, on any file system that Hadoop knows; one that is named twice is read once
   * @param format the name of a format; empty if the first lines of each file decide
   * @param snapshots the cluster, or what it was over time
   * @throws IOException if a path cannot be listed
   */
  public static ReplayTable logs(
      SparkSession spark, List<String> paths, String format, List<TimedSnapshot> snapshots)
      throws IOException {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Configuration configuration = context.hadoopConfiguration();
    List<String> files = files(paths, configuration);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("there are no files in " + String.join(", ", paths));
    }
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(configuration));
    Broadcast<List<TimedSnapshot>> clusters = context.broadcast(List.copyOf(snapshots));
    JavaRDD<Part> parts = context
        .parallelize(files, files.size())
        .map(file -> read(file, format, hadoop.value().value(), clusters.value()));
    return gathered(spark, parts, clusters, snapshots);
  }

  /**
   * Replays a table: Parquet, Iceberg, Delta, CSV or whatever else Spark reads as one.
   *
   * @param columns for the fields of a flow, what the table calls them; a field that is not named is looked for under its own name
   * @param distinct whether rows that are equal in all columns are one, as where a delivery was repeated
   */
  public static ReplayTable table(
      Dataset<Row> table,
      Map<CsvFormat.Field, String> columns,
      boolean distinct,
      List<TimedSnapshot> snapshots) {
    SparkSession spark = table.sparkSession();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<List<TimedSnapshot>> clusters = context.broadcast(List.copyOf(snapshots));
    TreeMap<CsvFormat.Field, Integer> places = new TreeMap<>();
    List<String> names = Arrays.asList(table.columns());
    for (CsvFormat.Field field : CsvFormat.Field.values()) {
      String name = columns.getOrDefault(field, field.word());
      if (names.contains(name)) {
        places.put(field, names.indexOf(name));
      } else if (columns.containsKey(field)) {
        throw new IllegalArgumentException("the table has no column `" + name + "`");
      }
    }
    for (CsvFormat.Field needed : List.of(CsvFormat.Field.PROTOCOL, CsvFormat.Field.PORT)) {
      if (!places.containsKey(needed)) {
        throw new IllegalArgumentException("the table has no column `" + needed.word() + "`");
      }
    }
    JavaRDD<Part> parts = (distinct ? table.distinct() : table)
        .javaRDD()
        .mapPartitions(rows -> List.of(read(rows, places, clusters.value())).iterator());
    return gathered(spark, parts, clusters, snapshots);
  }

  private static ReplayTable gathered(
      SparkSession spark,
      JavaRDD<Part> parts,
      Broadcast<List<TimedSnapshot>> clusters,
      List<TimedSnapshot> snapshots) {
    parts.cache();
    try {
      List<FoldedLog> logs = parts.flatMap(part -> part.logs().iterator()).collect();
      List<FoldedFlow> flows = parts
          .flatMap(part -> part.flows().iterator())
          .mapToPair(flow -> new Tuple2<>(flow.group(), flow))
          .partitionBy(new org.apache.spark.HashPartitioner(PARTS))
          .values()
          .mapPartitions(part -> folded(part, clusters.value()))
          .collect();
      SnapshotEdges edges = new SnapshotEdges(snapshots).with(flows.iterator());
      return ReplayTable.of(spark, snapshots, edges, logs);
    } finally {
      parts.unpersist();
    }
  }

  private static Iterator<FoldedFlow> folded(
      Iterator<FoldedFlow> flows, List<TimedSnapshot> clusters) {
    return new SnapshotEdges(clusters).with(flows).folded().iterator();
  }

  private static Part read(
      String file, String format, Configuration hadoop, List<TimedSnapshot> clusters) {
    List<FlowFormat> formats = format.isEmpty()
        ? FlowFormats.ALL
        : List.of(FlowFormats.named(format)
            .orElseThrow(() -> new IllegalArgumentException("no format `" + format + "`")));
    SnapshotEdges edges = new SnapshotEdges(clusters);
    Path path = new Path(file);
    try (InputStream bytes = path.getFileSystem(hadoop).open(path)) {
      LogSummary log = TrafficLog.read(file, bytes, formats, edges);
      return part(edges, FoldedLog.of(log, edges.records(), edges.omissions()));
    } catch (IOException problem) {
      throw new UncheckedIOException(file + ": " + problem.getMessage(), problem);
    }
  }

  private static Part read(
      Iterator<Row> rows, Map<CsvFormat.Field, Integer> places, List<TimedSnapshot> clusters) {
    SnapshotEdges edges = new SnapshotEdges(clusters);
    LogPlace place = new LogPlace("table", 1);
    ArrayList<String> problems = new ArrayList<>();
    long unreadable = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      try {
        ColumnRecord.read(field -> text(row, places, field), place, edges);
      } catch (UnreadableEntry wrong) {
        unreadable++;
        if (problems.size() < LogSummary.TOLD) {
          problems.add("table: error: " + wrong.why() + ": " + row.mkString(","));
        }
      }
    }
    return part(
        edges,
        new FoldedLog(
            "table",
            "table",
            edges.records(),
            FoldedLog.copy(edges.omissions()),
            unreadable,
            problems));
  }

  private static Part part(SnapshotEdges edges, FoldedLog log) {
    return new Part(new ArrayList<>(edges.folded().toList()), new ArrayList<>(List.of(log)));
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

  private static List<String> files(List<String> paths, Configuration configuration)
      throws IOException {
    TreeSet<String> files = new TreeSet<>();
    for (String path : paths) {
      Path root = new Path(path);
      FileSystem system = root.getFileSystem(configuration);
      FileStatus[] found = system.globStatus(root);
      if (found == null || found.length == 0) {
        throw new java.io.FileNotFoundException("there is no " + path);
      }
      for (FileStatus each : found) {
        collect(system, each, files);
      }
    }
    return new ArrayList<>(files);
  }

  private static void collect(FileSystem system, FileStatus at, TreeSet<String> files)
      throws IOException {
    if (at.isFile()) {
      files.add(at.getPath().toString());
      return;
    }
    for (FileStatus child : system.listStatus(at.getPath())) {
      String name = child.getPath().getName();
      // What Spark and Hadoop keep for themselves.
      if (!name.startsWith("_") && !name.startsWith(".")) {
        collect(system, child, files);
      }
    }
  }

  /**
   * The job for {@code spark-submit}: manifests, where to write, and then logs.
   *
   * @param arguments {@code <manifests> <output> <logs>…}
   * @throws IOException if something cannot be read
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length < 3) {
      throw new IllegalArgumentException("ReplayJob <manifests> <output> <logs>…");
    }
    SparkSession spark = SparkSession.builder().appName("postern replay").getOrCreate();
    Configuration configuration =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration();
    ClusterSnapshot cluster = ClusterSnapshot.read(arguments[0], configuration);
    logs(spark, Stream.of(arguments).skip(2).toList(), "", List.of(TimedSnapshot.always(cluster)))
        .write(arguments[1]);
    spark.stop();
  }
}
