package dev.postern.spark;

import dev.postern.spark.FleetRow.What;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** What a task of Spark does: it looks at clusters one after another, each of which may fail without the others. For one thread. */
final class FleetTask {

  private static final System.Logger LOG = System.getLogger(FleetTask.class.getName());

  /**
   * A cluster as it was when the work was shared out.
   *
   * @param digest what tells its content from others'
   * @param files what tells each of its files from others
   * @param size how many bytes it holds
   * @param problem why there is nothing to look at, if that is so: one row or none
   */
  record Digested(
      FleetCluster cluster,
      String digest,
      FleetContents.Digests files,
      long size,
      List<FleetRow> problem)
      implements Serializable {}

  /**
   * What is said of all clusters of one content.
   *
   * @param documents how many documents were read for it
   */
  record Reported(String digest, List<FleetRow> rows, long documents) implements Serializable {}

  /** What looks at one cluster. */
  @FunctionalInterface
  interface Look {
    /**
     * Looks at a cluster.
     *
     * @throws IOException if it cannot be read
     */
    List<FleetRow> at(FleetContents contents, FleetMemory memory) throws IOException;
  }

  private final Configuration configuration;
  private final int together;
  private final Look look;

  /**
   * A task.
   *
   * @param together after so many clusters what was remembered of them is forgotten
   */
  FleetTask(Configuration configuration, int together, Look look) {
    this.configuration = configuration;
    this.together = together;
    this.look = look;
  }

  /** The task that looks at clusters as the commands do. */
  static FleetTask reporting(Configuration configuration, int together, LocalDate today) {
    return new FleetTask(
        configuration,
        together,
        (contents, memory) -> contents.report(new ClusterReport(memory, today)));
  }

  /** What tells a cluster from others, or why there is nothing to tell. */
  static Digested digested(FleetCluster cluster, Configuration configuration) {
    if (cluster.manifests().isEmpty()) {
      return problem(cluster, unreadable("the table names no manifests"));
    }
    try {
      FleetContents contents = FleetContents.of(cluster, configuration);
      return new Digested(
          cluster, contents.digest(), contents.digests(), contents.size(), List.of());
    } catch (IOException problem) {
      return problem(cluster, unreadable(FleetContents.words(problem)));
    } catch (RuntimeException defect) {
      return problem(cluster, failed(cluster, defect));
    }
  }

  private static Digested problem(FleetCluster cluster, FleetRow row) {
    return new Digested(cluster, "", FleetContents.Digests.NONE, 0, List.of(row));
  }

  /**
   * Looks at clusters.
   *
   * @throws IOException if there is no room for their files on this machine
   */
  List<Reported> reports(List<Digested> clusters) throws IOException {
    Path directory = Files.createTempDirectory("postern-fleet");
    try {
      List<Reported> reports = new ArrayList<>();
      FleetMemory memory = memory(directory);
      int remembered = 0;
      for (Digested each : clusters) {
        if (remembered == together) {
          memory = memory(directory);
          remembered = 0;
        }
        long before = memory.readAnew();
        List<FleetRow> rows;
        try {
          rows = rows(each, memory);
          remembered++;
        } catch (RuntimeException defect) {
          rows = List.of(failed(each.cluster(), defect));
          // What it was in the middle of is not to be gone on from.
          remembered = together;
        }
        reports.add(new Reported(each.digest(), rows, memory.readAnew() - before));
      }
      return reports;
    } finally {
      delete(directory);
    }
  }

  private static FleetMemory memory(Path directory) throws IOException {
    return new FleetMemory(Files.createTempDirectory(directory, "memory"));
  }

  private List<FleetRow> rows(Digested each, FleetMemory memory) {
    try {
      FleetContents contents =
          FleetContents.of(each.cluster(), configuration, each.files(), memory::file);
      return contents.digest().equals(each.digest())
          ? look.at(contents, memory)
          : List.of(unreadable("its files changed while they were read"));
    } catch (IOException problem) {
      return List.of(unreadable(FleetContents.words(problem)));
    }
  }

  private static FleetRow unreadable(String why) {
    return FleetRow.of(What.CLUSTER, "unreadable", "", why);
  }

  /** Nothing is known of the cluster then, which is not its fault. */
  private static FleetRow failed(FleetCluster cluster, RuntimeException defect) {
    LOG.log(
        System.Logger.Level.ERROR,
        () -> "internal error while cluster `" + cluster.name() + "` was looked at",
        defect);
    String at = Stream.of(defect.getStackTrace())
        .findFirst()
        .map(frame -> " at " + frame)
        .orElse("");
    return FleetRow.of(What.CLUSTER, "failed", "", "internal error: " + defect + at);
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
