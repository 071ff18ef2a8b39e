package dev.postern.plan;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Options;
import dev.postern.meaning.Options.MissingAddress;
import dev.postern.net.Family;
import dev.postern.selector.Selector;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where pods may be of which no manifest says it.
 *
 * @param families the families of which a pod's address may be
 * @param nodes for each node that is known the node selectors that match it
 */
record PodPlaces(Set<Family> families, Set<Set<Selector>> nodes) {

  static PodPlaces of(Cluster cluster, Options options, Set<Set<Selector>> nodes) {
    return new PodPlaces(
        options.missingAddress() == MissingAddress.ANY
            ? EnumSet.allOf(Family.class)
            : FamiliesInUse.of(cluster),
        nodes);
  }
}
