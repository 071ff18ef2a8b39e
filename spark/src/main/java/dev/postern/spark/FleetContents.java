package dev.postern.spark;

import dev.postern.spark.ClusterReport.Beside;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/**
 * All that is read of a cluster of a fleet.
 *
 * @param manifests its manifests
 * @param yesterday what they are compared with; it may be missing, which is told of it alone
 * @param statements statements; they may be missing, too
 */
record FleetContents(FleetContent manifests, Beside yesterday, Beside statements) {

  /** What tells the files of each part from others. */
  record Digests(FileDigests manifests, FileDigests yesterday, FileDigests statements)
      implements Serializable {

    /** Of nothing that was read before. */
    static final Digests NONE = new Digests(FileDigests.NONE, FileDigests.NONE, FileDigests.NONE);
  }

  /**
   * Reads what a table names.
   *
   * @throws IOException if the manifests cannot be read, or their path is none
   */
  static FleetContents of(FleetCluster cluster, Configuration configuration) throws IOException {
    return of(cluster, configuration, Digests.NONE, digest -> Optional.empty());
  }

  /**
   * Reads what a table names again. What {@link #digest} says tells whether it is what it was.
   *
   * @param then what the files held
   * @param known what holds what a digest says, if that need not be read
   * @throws IOException if the manifests cannot be read, or their path is none
   */
  static FleetContents of(
      FleetCluster cluster,
      Configuration configuration,
      Digests then,
      Function<String, Optional<FleetContent.File>> known)
      throws IOException {
    return new FleetContents(
        FleetFiles.of(cluster.manifests(), configuration).content(then.manifests(), known),
        beside(cluster.yesterday(), configuration, then.yesterday(), known),
        beside(cluster.statements(), configuration, then.statements(), known));
  }

  private static Beside beside(
      String path,
      Configuration configuration,
      FileDigests then,
      Function<String, Optional<FleetContent.File>> known) {
    try {
      return path.isEmpty()
          ? Beside.NOTHING
          : Beside.holding(FleetFiles.of(path, configuration).content(then, known));
    } catch (IOException problem) {
      return Beside.unreadable(words(problem));
    }
  }

  /** What tells their files from others, part by part. */
  Digests digests() {
    return new Digests(FileDigests.of(manifests), digests(yesterday), digests(statements));
  }

  private static FileDigests digests(Beside beside) {
    return beside.content().map(FileDigests::of).orElse(FileDigests.NONE);
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
