package dev.postern.spark;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.policy.Policy;
import dev.postern.reach.Reachability;
import dev.postern.replay.SeenFlows;
import dev.postern.suggestion.PolicyText;
import dev.postern.suggestion.Suggestion;
import dev.postern.suggestion.SuggestionOptions;
import dev.postern.suggestion.SuggestionProof;
import dev.postern.traffic.format.CsvFormat;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * {@code suggest} on Spark: each task folds its part of the traffic, by the same readers and the same folding as on one machine; the driver
 * makes policies of what it comes to, reads them back and proves them. Its memory grows with the pairs of ends that differ, where an address
 * outside is an end by itself, and not with the traffic.
 */
public final class SuggestJob {

  private SuggestJob() {}

  /**
   * What is asked for.
   *
   * @param options what the policies look like
   * @param whom the workloads that policies may be suggested for
   */
  public record Wish(SuggestionOptions options, Predicate<Workload> whom) {

    /** As {@code postern suggest} without options: for all namespaces but those of the cluster itself. */
    public static final Wish DEFAULT = new Wish(
        SuggestionOptions.DEFAULT,
        workload -> !SuggestionOptions.isOfTheCluster(workload.namespace()));
  }

  /**
   * Suggests policies from logs, which are read as {@link ReplayJob#logs} reads them.
   *
   * @param snapshots the cluster, or what it was over time; the policies are for the last in time
   * @throws IOException if a path cannot be listed
   * @throws IllegalArgumentException as {@link ReplayJob#logs}
   */
  public static SuggestTable logs(
      SparkSession spark,
      List<String> paths,
      String format,
      List<TimedSnapshot> snapshots,
      Wish wish)
      throws IOException {
    List<TimedSnapshot> ordered = TimedSnapshot.apart(snapshots);
    return table(
        spark,
        FoldedTraffic.ofLogs(spark, paths, format, ordered, SnapshotFlows::new),
        ordered,
        wish);
  }

  /**
   * Suggests policies from a table, which is read as {@link ReplayJob#table} reads it.
   *
   * @throws IllegalArgumentException as there
   */
  public static SuggestTable table(
      Dataset<Row> table,
      Map<CsvFormat.Field, String> columns,
      boolean distinct,
      List<TimedSnapshot> snapshots,
      Wish wish) {
    List<TimedSnapshot> ordered = TimedSnapshot.apart(snapshots);
    return table(
        table.sparkSession(),
        FoldedTraffic.ofTable(table, columns, distinct, ordered, SnapshotFlows::new),
        ordered,
        wish);
  }

  private static SuggestTable table(
      SparkSession spark, FoldedTraffic traffic, List<TimedSnapshot> snapshots, Wish wish) {
    SnapshotFlows all = new SnapshotFlows(snapshots);
    all.takeFolded(traffic.flows().iterator());
    return of(
        spark,
        all.inTheLast(),
        snapshots.get(snapshots.size() - 1).cluster().policies(),
        wish,
        ReadTally.of(traffic.logs()));
  }

  static SuggestTable of(
      SparkSession spark, SeenFlows seen, Reachability today, Wish wish, ReadTally read) {
    SeenFlows.Known known = seen.known();
    Suggestion suggestion = Suggestion.of(today, known.passed(), wish.options(), wish.whom());
    List<Policy> policies = PolicyText.readBack(suggestion.policies());
    Cluster cluster = today.plan().cluster();
    SuggestionProof proof =
        SuggestionProof.of(suggestion, policies, cluster, today.plan().options());
    return SuggestTable.of(spark, suggestion, proof, known, read);
  }

  /**
   * The job for {@code spark-submit}: manifests, where to write, and then logs.
   *
   * @param arguments {@code <manifests> <output> <logs>…}
   * @throws IOException if something cannot be read or written
   * @throws IllegalArgumentException if there are fewer arguments
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length < 3) {
      throw new IllegalArgumentException("SuggestJob <manifests> <output> <logs>…");
    }
    SparkSession spark = SparkSession.builder().appName("postern suggest").getOrCreate();
    Configuration configuration =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration();
    ClusterManifests cluster = ClusterManifests.read(arguments[0], configuration);
    logs(
            spark,
            Stream.of(arguments).skip(2).toList(),
            "",
            List.of(TimedSnapshot.always(cluster)),
            Wish.DEFAULT)
        .write(arguments[1]);
    spark.stop();
  }
}
