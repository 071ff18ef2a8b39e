package dev.postern.spark;

import dev.postern.spark.FleetTask.Digested;
import dev.postern.spark.FleetTask.Reported;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Looks at every cluster of a fleet as {@code lint}, {@code test}, {@code exposure} and {@code diff} look at one. Clusters that hold the same
 * are looked at once. Of others, a task goes on from the cluster that it looked at before ({@link FleetMemory}). A cluster that cannot be
 * read, or of which something could not be said, has a row that says so, and one that met a defect of Postern has a row of another kind.
 */
public final class FleetJob {

  /** So many clusters at most are one task's, which forgets after them what it has read. */
  private static final int CLUSTERS = 64;

  private FleetJob() {}

  /**
   * Looks at a fleet.
   *
   * @param clusters a cluster a row: {@code name}, {@code manifests} (a file or folder on any file system that Hadoop knows), and where they
   *     are columns {@code yesterday} (the manifests to compare with) and {@code statements} (a file, or a folder of {@code *.postern} files;
   *     those beside the manifests count where none is named)
   * @throws IllegalArgumentException if a column is missing, or a name is missing or is twice there
   */
  public static FleetTable of(Dataset<Row> clusters) {
    return of(clusters, CLUSTERS);
  }

  /**
   * The same, with less or more in the memory of a task.
   *
   * @param together so many clusters at most, one after another, have it to gain that they hold the same; 1 looks at each by itself
   * @throws IllegalArgumentException if that is less than 1, a column is missing, or a name is missing or is twice there
   */
  public static FleetTable of(Dataset<Row> clusters, int together) {
    if (together < 1) {
      throw new IllegalArgumentException(
          "so many clusters together are 1 at least, not " + together);
    }
    SparkSession spark = clusters.sparkSession();
    List<FleetCluster> fleet = fleet(clusters);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    int cores = Math.max(1, context.defaultParallelism());
    List<Digested> digested = context
        .parallelize(fleet, Math.max(1, Math.min(fleet.size(), 4 * cores)))
        .map(cluster -> FleetTask.digested(cluster, hadoop.value().value()))
        .collect();

    Map<String, List<String>> names = new HashMap<>();
    TreeMap<String, Digested> different = new TreeMap<>();
    List<Row> unread = new ArrayList<>();
    for (Digested each : digested) {
      each.problem().forEach(row -> unread.add(row.row(each.cluster().name())));
      if (each.problem().isEmpty()) {
        names
            .computeIfAbsent(each.digest(), k -> new ArrayList<>())
            .add(each.cluster().name());
        different.putIfAbsent(each.digest(), each);
      }
    }
    // Neighbours by path are likely to hold much of the same.
    List<Digested> ordered = different.values().stream()
        .sorted(Comparator.comparing(each -> each.cluster().manifests()))
        .toList();
    List<List<Digested>> tasks = tasks(ordered, cores);
    JavaRDD<Reported> reported = context
        .parallelize(tasks, Math.max(1, tasks.size()))
        .flatMap(some -> FleetTask.reporting(hadoop.value().value(), together, today)
            .reports(some)
            .iterator())
        .persist(StorageLevel.MEMORY_AND_DISK());
    long documents = reported.map(Reported::documents).fold(0L, Long::sum);
    Broadcast<Map<String, List<String>>> called = context.broadcast(names);
    JavaRDD<Row> rows = reported.flatMap(report -> called.value().get(report.digest()).stream()
        .flatMap(name -> report.rows().stream().map(row -> row.row(name)))
        .iterator());
    return new FleetTable(
        spark
            .createDataFrame(rows, FleetRow.SCHEMA)
            .union(spark.createDataFrame(unread, FleetRow.SCHEMA)),
        fleet.size(),
        ordered.size(),
        documents);
  }

  /** Neighbours that are one task's: not too many, and of each core's share of all bytes not much more, so that a large one keeps few waiting. */
  private static List<List<Digested>> tasks(List<Digested> ordered, int cores) {
    long share = ordered.stream().mapToLong(Digested::size).sum() / cores;
    List<List<Digested>> tasks = new ArrayList<>();
    List<Digested> task = new ArrayList<>();
    long size = 0;
    for (Digested each : ordered) {
      if (!task.isEmpty() && (task.size() == CLUSTERS || size + each.size() / 2 > share)) {
        tasks.add(task);
        task = new ArrayList<>();
        size = 0;
      }
      task.add(each);
      size += each.size();
    }
    if (!task.isEmpty()) {
      tasks.add(task);
    }
    return tasks;
  }

  private static List<FleetCluster> fleet(Dataset<Row> clusters) {
    List<String> columns = Arrays.asList(clusters.columns());
    for (String needed : List.of("name", "manifests")) {
      if (!columns.contains(needed)) {
        throw new IllegalArgumentException("the table of clusters has no column `" + needed + "`");
      }
    }
    List<FleetCluster> fleet = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Row row : clusters.collectAsList()) {
      FleetCluster cluster = new FleetCluster(
          text(row, columns, "name"),
          text(row, columns, "manifests"),
          text(row, columns, "yesterday"),
          text(row, columns, "statements"));
      if (cluster.name().isEmpty()) {
        throw new IllegalArgumentException("a cluster has no name: " + row.mkString(","));
      }
      if (!names.add(cluster.name())) {
        throw new IllegalArgumentException("two clusters are called `" + cluster.name() + "`");
      }
      fleet.add(cluster);
    }
    return fleet;
  }

  private static String text(Row row, List<String> columns, String column) {
    int place = columns.indexOf(column);
    return place < 0 || row.isNullAt(place) ? "" : row.get(place).toString().strip();
  }

  /**
   * The job for {@code spark-submit}.
   *
   * @param arguments {@code <clusters> <output>}: a table as CSV with a header, or as Parquet or JSON where the path ends so; and a folder that
   *     is not there yet
   * @throws IllegalArgumentException if there are not two arguments
   */
  public static void main(String... arguments) {
    if (arguments.length != 2) {
      throw new IllegalArgumentException("FleetJob <clusters> <output>");
    }
    SparkSession spark = SparkSession.builder().appName("postern fleet").getOrCreate();
    String table = arguments[0];
    of(table.endsWith(".parquet")
            ? spark.read().parquet(table)
            : table.endsWith(".json")
                ? spark.read().json(table)
                : spark.read().option("header", true).csv(table))
        .write(arguments[1]);
    spark.stop();
  }
}
