package dev.postern.plan;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.Collection;
import java.util.Set;

/**
 * Where pods may be of which no manifest says it: on any node, with any labels.
 *
 * @param addresses the addresses of which a pod may have one
 * @param families the families in use, which these are of
 */
record PodPlaces(AddressSet addresses, Set<Family> families) {

  static PodPlaces of(Cluster cluster, Options options) {
    Set<Family> families = FamiliesInUse.of(cluster);
    return new PodPlaces(options.missingAddress().possible(families), families);
  }

  /** Whether they are the same in a later version of the cluster, in which these workloads are and were not. */
  boolean stay(Cluster later, Collection<Workload> came) {
    return FamiliesInUse.stay(families, later, came);
  }
}
