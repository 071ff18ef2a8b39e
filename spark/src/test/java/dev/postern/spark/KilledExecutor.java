package dev.postern.spark;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.SparkSession;

/**
 * A driver with two executors in processes of their own, of which one is killed while it reads. A program by itself, since a JVM has one Spark:
 * {@code <directory> <class path>}, where the directory holds {@code cluster.yaml} and {@code flows}; it writes the table's rows, sorted, into
 * {@code rows}, and how many executors were lost into {@code lost}.
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
      CompletableFuture<Void> killing = CompletableFuture.runAsync(() -> kill(watch, directory));
      ClusterManifests cluster = ClusterManifests.read(
          directory.resolve("cluster.yaml").toString(), spark.sparkContext().hadoopConfiguration());
      ReplayTable table = ReplayJob.logs(
          spark,
          List.of("held://" + directory.resolve("flows")),
          "",
          List.of(TimedSnapshot.always(cluster)));
      killing.get(1, TimeUnit.MINUTES);
      List<String> rows = table.rows().collectAsList().stream()
          .map(row -> row.mkString("|"))
          .sorted()
          .toList();
      Files.write(directory.resolve("rows"), rows, StandardCharsets.UTF_8);
      Files.writeString(directory.resolve("lost"), lost.toString());
    } finally {
      spark.stop();
    }
  }

  /** Kills the executor that holds a file, by the process id that it wrote, if it is a process that this one started. */
  private static void kill(WatchService watch, Path directory) {
    try {
      while (!Files.exists(directory.resolve(HeldFileSystem.HOLDER))) {
        watch.take().reset();
      }
      long id = Long.parseLong(Files.readString(directory.resolve(HeldFileSystem.HOLDER)));
      ProcessHandle.current()
          .descendants()
          .filter(process -> process.pid() == id)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no executor of this driver: " + id))
          .destroyForcibly();
    } catch (InterruptedException | java.io.IOException problem) {
      throw new IllegalStateException(problem);
    }
  }
}
