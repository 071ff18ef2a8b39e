package dev.postern.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A driver with two executors in processes of their own, of which one is killed in each of three jobs. A program by itself, since a JVM has one
 * Spark: {@code <directory> <class path>}, where the directory holds {@code cluster.yaml}, the logs {@code replay} and {@code suggest}, and
 * the clusters {@code fleet}. It writes the rows of the three tables, sorted, into {@code replay.rows}, {@code suggest.rows} and
 * {@code fleet.rows}, and how many executors were lost into {@code lost}.
 */
public final class KilledExecutor {

  private KilledExecutor() {}

  public static void main(String... arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    System.setProperty("spark.testing", "true");
    System.setProperty("spark.test.home", directory.toString());
    Files.createDirectories(directory.resolve("jars"));
    SparkSession spark = SparkSession.builder()
        .master("local-cluster[2,1,512]")
        .appName("postern faults")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executor.memory", "512m")
        .config("spark.executor.extraClassPath", arguments[1])
        .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
        .config("spark.hadoop.fs.held.impl", HeldFileSystem.class.getName())
        .config("spark.hadoop.fs.held.directory", directory.toString())
        .getOrCreate();
    AtomicInteger lost = new AtomicInteger();
    spark.sparkContext().addSparkListener(new SparkListener() {
      @Override
      public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        lost.incrementAndGet();
      }
    });
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      List<TimedSnapshot> cluster = List.of(TimedSnapshot.always(ClusterManifests.read(
          directory.resolve("cluster.yaml").toString(),
          spark.sparkContext().hadoopConfiguration())));
      write(
          directory,
          watch,
          "replay",
          held -> ReplayJob.logs(spark, List.of(held), "", cluster).rows());
      write(
          directory,
          watch,
          "suggest",
          held -> SuggestJob.logs(spark, List.of(held), "", cluster, SuggestJob.Wish.DEFAULT)
              .policies());
      write(
          directory,
          watch,
          "fleet",
          held -> FleetJob.of(fleet(spark, directory, held)).rows());
      Files.writeString(directory.resolve("lost"), lost.toString());
    } finally {
      spark.stop();
    }
  }

  /** A job over a folder of which one file is held. */
  private interface Job {
    Dataset<Row> of(String held) throws IOException;
  }

  private static void write(Path directory, WatchService watch, String folder, Job job)
      throws Exception {
    CompletableFuture<Void> killing =
        CompletableFuture.runAsync(() -> kill(watch, HeldFileSystem.holder(directory, folder)));
    List<String> rows = rows(job.of("held://" + directory.resolve(folder)));
    killing.get(5, TimeUnit.MINUTES);
    Files.write(directory.resolve(folder + ".rows"), rows, StandardCharsets.UTF_8);
  }

  /** The rows of a table, sorted, each on one line. */
  static List<String> rows(Dataset<Row> table) {
    return table.collectAsList().stream()
        .map(row -> row.mkString("|").replace("\n", "\\n"))
        .sorted()
        .toList();
  }

  /** A table of the clusters that lie in a directory, under another name of the file system. */
  static Dataset<Row> fleet(SparkSession spark, Path directory, String as) throws IOException {
    List<Row> clusters = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory.resolve("fleet"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        clusters.add(RowFactory.create(name, as + "/" + name));
      }
    }
    return spark.createDataFrame(
        clusters,
        new StructType().add("name", DataTypes.StringType).add("manifests", DataTypes.StringType));
  }

  /** Kills the executor that holds a file, by the process id that it wrote, if it is a process that this one started. */
  private static void kill(WatchService watch, Path holder) {
    try {
      while (!Files.exists(holder)) {
        watch.take().reset();
      }
      long id = Long.parseLong(Files.readString(holder));
      ProcessHandle.current()
          .descendants()
          .filter(process -> process.pid() == id)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no executor of this driver: " + id))
          .destroyForcibly();
    } catch (InterruptedException | IOException problem) {
      throw new IllegalStateException(problem);
    }
  }
}
