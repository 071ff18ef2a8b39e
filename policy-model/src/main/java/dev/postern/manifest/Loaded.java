package dev.postern.manifest;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Excerpt;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What reading gave.
 *
 * @param cluster everything that was read without an error
 * @param diagnostics everything that is wrong, by file, line and column
 * @param read how many objects of each kind are in the cluster
 * @param skipped how many objects of other kinds were passed over, by kind
 * @param podsLeftOut how many pods have ended (phase Succeeded or Failed) and are not in the cluster
 * @param passedOver what lies beside the manifests in directories and was not read
 * @param places which object stands where
 * @param lines shows source lines
 * @param written the objects as they were written, pods of controllers left out; empty unless {@link ReadOptions#keepWritten}
 */
public record Loaded(
    Cluster cluster,
    List<Diagnostic> diagnostics,
    SortedMap<String, Integer> read,
    SortedMap<String, Integer> skipped,
    int podsLeftOut,
    PassedOver passedOver,
    ObjectPlaces places,
    SourceLines lines,
    List<Written> written) {

  public Loaded {
    diagnostics = List.copyOf(new TreeSet<>(diagnostics));
    read = Collections.unmodifiableSortedMap(new TreeMap<>(read));
    written = List.copyOf(written);
    skipped = Collections.unmodifiableSortedMap(new TreeMap<>(skipped));
  }

  /** The same with another picture of the cluster. */
  public Loaded withCluster(Cluster other) {
    return new Loaded(
        other, diagnostics, read, skipped, podsLeftOut, passedOver, places, lines, written);
  }

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  /** Whether there was something that could not be read at all, or nothing to read: no fault of a manifest. */
  public boolean isUnreadable() {
    return diagnostics.stream().anyMatch(Diagnostic::isUnreadable);
  }

  /** A finding with the source line it is about and a caret. */
  public String explain(Diagnostic diagnostic) {
    return lines
        .line(diagnostic.origin())
        .map(line -> Excerpt.of(diagnostic, line))
        .orElse(diagnostic.toString());
  }
}
