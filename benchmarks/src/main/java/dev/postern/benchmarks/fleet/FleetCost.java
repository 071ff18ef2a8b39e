package dev.postern.benchmarks.fleet;

import com.sun.management.OperatingSystemMXBean;
import dev.postern.spark.FleetJob;
import dev.postern.spark.FleetTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Prints the processor time, of all threads, that {@link FleetJob} takes a cluster on Spark with one core: of clusters that differ a little, each
 * by itself and each after the one before; and of clusters that hold the same. All in one run, in turn.
 */
public final class FleetCost {

  private static final int WARM_UP = 300;
  private static final int TOGETHER = 64;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private FleetCost() {}

  /**
   * Measures fleets of so many clusters, or of 2,000 and 5,000.
   *
   * @throws IOException if the clusters cannot be written
   */
  public static void main(String... counts) throws IOException {
    SparkSession spark = SparkSession.builder()
        .master("local[1]")
        .appName("postern benchmark")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    measure(spark, WARM_UP);
    System.out.printf(
        "%8s %9s %9s %9s %9s %9s %12s %12s%n",
        "clusters", "alone ms", "after ms", "ratio", "equal ms", "rows", "documents", "read");
    for (String count : counts.length == 0 ? new String[] {"2000", "5000"} : counts) {
      System.out.print(measure(spark, Integer.parseInt(count)));
    }
    spark.stop();
  }

  private static String measure(SparkSession spark, int count) throws IOException {
    Path directory = Files.createTempDirectory("postern-fleet");
    try {
      Path different = Files.createDirectory(directory.resolve("different"));
      Path equal = Files.createDirectory(directory.resolve("equal"));
      GeneratedFleet.write(different, count, true);
      GeneratedFleet.write(equal, count, false);
      Cost alone = cost(spark, different, 1);
      Cost after = cost(spark, different, TOGETHER);
      Cost same = cost(spark, equal, TOGETHER);
      if (alone.rows() != after.rows()) {
        throw new IllegalStateException(alone + " and " + after + " have different rows");
      }
      return String.format(
          "%8d %9.2f %9.2f %9.2f %9.2f %9d %12d %12d%n",
          count,
          alone.milliseconds() / count,
          after.milliseconds() / count,
          after.milliseconds() / alone.milliseconds(),
          same.milliseconds() / count,
          after.rows(),
          alone.documents(),
          after.documents());
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** What a run took and came to. */
  private record Cost(double milliseconds, long rows, long documents) {}

  private static Cost cost(SparkSession spark, Path fleet, int together) {
    System.gc();
    long before = SYSTEM.getProcessCpuTime();
    FleetTable table = FleetJob.of(
        spark.read().option("header", true).csv(fleet.resolve("clusters.csv").toString()),
        together);
    long rows = table.rows().count();
    double took = (SYSTEM.getProcessCpuTime() - before) / 1e6;
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .getPersistentRDDs()
        .values()
        .forEach(rdd -> rdd.unpersist(true));
    return new Cost(took, rows, table.documents());
  }
}
