package dev.postern.spark;

import dev.postern.spark.ClusterReport.Beside;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * All that is read of a cluster of a fleet.
 *
 * @param manifests its manifests
 * @param yesterday what they are compared with; it may be missing, which is told of it alone
 * @param statements statements; they may be missing, too
 */
record FleetContents(FleetContent manifests, Beside yesterday, Beside statements) {

  /**
   * Reads what a table names.
   *
   * @throws IOException if the manifests cannot be read, or their path is none
   */
  static FleetContents of(FleetCluster cluster, Configuration configuration) throws IOException {
    return new FleetContents(
        FleetFiles.of(cluster.manifests(), configuration).content(),
        beside(cluster.yesterday(), configuration),
        beside(cluster.statements(), configuration));
  }

  private static Beside beside(String path, Configuration configuration) {
    try {
      return path.isEmpty()
          ? Beside.NOTHING
          : Beside.holding(FleetFiles.of(path, configuration).content());
    } catch (IOException problem) {
      return Beside.unreadable(words(problem));
    }
  }

  /** What tells them from others'. */
  String digest() {
    return String.join(" ", manifests.digest(), digest(yesterday), digest(statements));
  }

  private static String digest(Beside beside) {
    return beside.problem().orElse(beside.content().map(FleetContent::digest).orElse(""));
  }

  /** How many bytes they hold. */
  long size() {
    return manifests.size()
        + yesterday.content().map(FleetContent::size).orElse(0L)
        + statements.content().map(FleetContent::size).orElse(0L);
  }

  List<FleetRow> report(ClusterReport report) throws IOException {
    return report.of(manifests, yesterday, statements);
  }

  static String words(Exception problem) {
    return Optional.ofNullable(problem.getMessage())
        .filter(message -> !message.isEmpty())
        .orElse(problem.getClass().getSimpleName());
  }
}
