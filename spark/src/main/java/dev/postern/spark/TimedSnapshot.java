package dev.postern.spark;

import java.io.Serializable;
import java.time.Instant;
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

  /** A cluster as it always is. */
  public static TimedSnapshot always(ClusterManifests cluster) {
    return new TimedSnapshot(Instant.MIN, Instant.MAX, cluster);
  }

  boolean isAlways() {
    return validFrom.equals(Instant.MIN) && validTo.equals(Instant.MAX);
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
