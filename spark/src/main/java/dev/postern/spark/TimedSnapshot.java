package dev.postern.spark;

import java.io.Serializable;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A cluster as it was for a while, so that an address means the pod that had it then.
 *
 * @param validFrom the first moment
 * @param validTo the first moment after
 * @param cluster its manifests then
 */
public record TimedSnapshot(Instant validFrom, Instant validTo, ClusterManifests cluster)
    implements Serializable {

  /** @throws IllegalArgumentException if it is valid at no time */
  public TimedSnapshot {
    if (!validFrom.isBefore(validTo)) {
      throw new IllegalArgumentException(
          "a snapshot from " + validFrom + " to " + validTo + " is valid at no time");
    }
  }

  /** A cluster as it always is. */
  public static TimedSnapshot always(ClusterManifests cluster) {
    return new TimedSnapshot(Instant.MIN, Instant.MAX, cluster);
  }

  boolean isAlways() {
    return validFrom.equals(Instant.MIN) && validTo.equals(Instant.MAX);
  }

  /**
   * Snapshots in the order of time, of which at most one is valid at any time: else it would be the order in which they are named that
   * decides what an address means.
   *
   * @throws IllegalArgumentException if two are valid at the same time, or there is none
   */
  static List<TimedSnapshot> apart(List<TimedSnapshot> snapshots) {
    if (snapshots.isEmpty()) {
      throw new IllegalArgumentException("no snapshot of the cluster");
    }
    List<TimedSnapshot> ordered = snapshots.stream()
        .sorted(Comparator.comparing(TimedSnapshot::validFrom))
        .toList();
    for (int i = 1; i < ordered.size(); i++) {
      TimedSnapshot before = ordered.get(i - 1);
      TimedSnapshot next = ordered.get(i);
      if (next.validFrom.isBefore(before.validTo)) {
        throw new IllegalArgumentException("the snapshot that is valid from " + next.validFrom
            + " begins before that from " + before.validFrom + " ends, at " + before.validTo);
      }
    }
    return ordered;
  }

  /** Which of several was valid at a moment, as far as that is known; -1 if none. */
  static int of(Optional<Instant> moment, List<TimedSnapshot> snapshots) {
    for (int i = 0; i < snapshots.size(); i++) {
      TimedSnapshot snapshot = snapshots.get(i);
      if (snapshot.isAlways() || moment.filter(snapshot::holds).isPresent()) {
        return i;
      }
    }
    return -1;
  }

  private boolean holds(Instant moment) {
    return !moment.isBefore(validFrom) && moment.isBefore(validTo);
  }
}
