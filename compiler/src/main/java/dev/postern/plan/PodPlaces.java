package dev.postern.plan;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.selector.Selector;
import java.util.Set;

/**
 * Where pods may be of which no manifest says it.
 *
 * @param addresses the addresses of which a pod may have one
 * @param nodes for each node that is known the node selectors that match it
 */
record PodPlaces(AddressSet addresses, Set<Set<Selector>> nodes) {

  static PodPlaces of(Cluster cluster, Options options, Set<Set<Selector>> nodes) {
    return new PodPlaces(options.missingAddress().possible(FamiliesInUse.of(cluster)), nodes);
  }
}
