package dev.postern.benchmarks.traffic;

import com.sun.management.OperatingSystemMXBean;
import dev.postern.spark.ClusterManifests;
import dev.postern.spark.ReplayJob;
import dev.postern.spark.TimedSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Prints the processor time, of all threads, of two million flows in four files on Spark with one core: their lines counted; read as a table by
 * Spark's own readers and counted by ends and port; and {@link ReplayJob}. All in one run, in turn.
 */
public final class SparkReplay {

  private static final int FILES = 4;
  private static final int FLOWS = 500_000;
  private static final int ROUNDS = 5;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private SparkReplay() {}

  /** What is measured. */
  private interface Work {
    long run() throws IOException;
  }

  /**
   * Measures.
   *
   * @throws IOException if the flows cannot be written
   */
  public static void main(String... none) throws IOException {
    GeneratedFlows flows = new GeneratedFlows();
    SparkSession spark = SparkSession.builder()
        .master("local[1]")
        .appName("postern benchmark")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    List<TimedSnapshot> cluster = List.of(
        TimedSnapshot.always(ClusterManifests.of(Map.of("cluster.yaml", flows.manifests()))));
    System.out.printf(
        "%-8s %6s %10s %10s %10s %12s %12s%n",
        "format", "MB", "lines ns", "count ns", "replay ns", "of counting", "flows/s");
    for (GeneratedFlows.Form form : GeneratedFlows.Form.values()) {
      Path directory = Files.createTempDirectory("postern-flows");
      for (int i = 0; i < FILES; i++) {
        try (OutputStream out = Files.newOutputStream(directory.resolve("part-" + i + ".log"))) {
          flows.write(form, FLOWS, out);
        }
      }
      String path = directory.toString();
      measure(form, spark, path, cluster);
      for (int i = 0; i < FILES; i++) {
        Files.delete(directory.resolve("part-" + i + ".log"));
      }
      Files.delete(directory);
    }
    spark.stop();
  }

  private static void measure(
      GeneratedFlows.Form form, SparkSession spark, String path, List<TimedSnapshot> cluster)
      throws IOException {
    double lines = Double.MAX_VALUE;
    double count = Double.MAX_VALUE;
    double replay = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      lines = Math.min(lines, nanoseconds(() -> spark.read().text(path).count()));
      count = Math.min(
          count,
          nanoseconds(() -> counted(form, spark, path).collectAsList().stream()
              .mapToLong(row -> row.<Long>getAs("count"))
              .sum()));
      replay = Math.min(
          replay,
          nanoseconds(() -> ReplayJob.logs(spark, List.of(path), "", cluster).records()));
    }
    long bytes = 0;
    for (int i = 0; i < FILES; i++) {
      bytes += Files.size(Path.of(path, "part-" + i + ".log"));
    }
    System.out.printf(
        "%-8s %6d %10.0f %10.0f %10.0f %12.2f %12.0f%n",
        form, bytes >> 20, lines, count, replay, replay / count, 1e9 / replay);
  }

  /** What counting by pods takes: ends and ports as they are written, of the sources that are pods. */
  private static Dataset<Row> counted(GeneratedFlows.Form form, SparkSession spark, String path) {
    Dataset<Row> table = form == GeneratedFlows.Form.CSV
        ? spark.read().option("header", true).csv(path)
        : spark
            .read()
            .schema(
                "flow struct<time: string, verdict: string, IP: struct<source: string, destination: string>, l4: struct<TCP: struct<source_port: int, destination_port: int>>, source: struct<namespace: string, pod_name: string>, destination: struct<namespace: string, pod_name: string>>")
            .json(path)
            .selectExpr(
                "flow.time as first",
                "flow.verdict as verdict",
                "coalesce(flow.source.pod_name, flow.IP.source) as source",
                "flow.destination.pod_name as destination",
                "flow.l4.TCP.destination_port as port");
    return table.groupBy("source", "destination", "port", "verdict").count();
  }

  private static double nanoseconds(Work work) throws IOException {
    System.gc();
    long before = SYSTEM.getProcessCpuTime();
    long count = work.run();
    double took = SYSTEM.getProcessCpuTime() - before;
    if (count < (long) FILES * FLOWS) {
      throw new IllegalStateException("only " + count);
    }
    return took / ((double) FILES * FLOWS);
  }
}
