package dev.postern.plan;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;

/**
 * Where pods may be of which no manifest says it: on any node, with any labels.
 *
 * @param addresses the addresses of which a pod may have one
 */
record PodPlaces(AddressSet addresses) {

  static PodPlaces of(Cluster cluster, Options options) {
    return new PodPlaces(options.missingAddress().possible(FamiliesInUse.of(cluster)));
  }
}
