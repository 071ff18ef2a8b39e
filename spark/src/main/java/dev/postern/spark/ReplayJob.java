package dev.postern.spark;

import dev.postern.traffic.format.CsvFormat;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * {@code replay} on Spark: each task folds its part of the traffic into edges, by the same readers and the same folding as on one machine;
 * the edges meet, are folded again, and are judged once. What a task did that failed counts for nothing, so that the table is whole or is
 * not there.
 */
public final class ReplayJob {

  private ReplayJob() {}

  /**
   * Replays logs: files in the formats of {@code replay}, compressed or not, a file a task; of what is not compressed and has
   * an entry a line, a part of at most {@code spark.sql.files.maxPartitionBytes} a task. Spark's own {@code SparkException}, which is checked
   * and not declared, ends it if a file cannot be read, as where compressed bytes end too early.
   *
   * @param paths files or folders, on any file system that Hadoop knows; one that is named twice is read once
   * @param format the name of a format; empty if the first lines of each file decide
   * @param snapshots the cluster, or what it was over time
   * @throws IOException if a path cannot be listed
   * @throws IllegalArgumentException if there are no files, or no snapshots, or two are valid at the same time
   */
  public static ReplayTable logs(
      SparkSession spark, List<String> paths, String format, List<TimedSnapshot> snapshots)
      throws IOException {
    List<TimedSnapshot> ordered = TimedSnapshot.apart(snapshots);
    return table(
        spark, FoldedTraffic.ofLogs(spark, paths, format, ordered, SnapshotEdges::new), ordered);
  }

  /**
   * Replays a table: Parquet, Iceberg, Delta, CSV or whatever else Spark reads as one.
   *
   * @param columns for the fields of a flow, what the table calls them; a field that is not named is looked for under its own name
   * @param distinct whether rows that are equal in all columns are one, as where a delivery was repeated
   * @throws IllegalArgumentException if the table lacks a column that is named or needed, or there are no snapshots, or
   *     two are valid at the same time
   */
  public static ReplayTable table(
      Dataset<Row> table,
      Map<CsvFormat.Field, String> columns,
      boolean distinct,
      List<TimedSnapshot> snapshots) {
    List<TimedSnapshot> ordered = TimedSnapshot.apart(snapshots);
    return table(
        table.sparkSession(),
        FoldedTraffic.ofTable(table, columns, distinct, ordered, SnapshotEdges::new),
        ordered);
  }

  private static ReplayTable table(
      SparkSession spark, FoldedTraffic traffic, List<TimedSnapshot> snapshots) {
    SnapshotEdges edges = new SnapshotEdges(snapshots);
    edges.takeFolded(traffic.flows().iterator());
    return ReplayTable.of(spark, snapshots, edges, traffic.logs());
  }

  /**
   * The job for {@code spark-submit}: manifests, where to write, and then logs.
   *
   * @param arguments {@code <manifests> <output> <logs>…}
   * @throws IOException if something cannot be read
   * @throws IllegalArgumentException if there are fewer arguments
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length < 3) {
      throw new IllegalArgumentException("ReplayJob <manifests> <output> <logs>…");
    }
    SparkSession spark = SparkSession.builder().appName("postern replay").getOrCreate();
    Configuration configuration =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration();
    ClusterManifests cluster = ClusterManifests.read(arguments[0], configuration);
    logs(spark, Stream.of(arguments).skip(2).toList(), "", List.of(TimedSnapshot.always(cluster)))
        .write(arguments[1]);
    spark.stop();
  }
}
