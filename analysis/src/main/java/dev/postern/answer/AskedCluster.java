package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.service.ServiceProxy;

/**
 * A cluster planned under one choice of options: what questions are put to.
 *
 * @param directory who is who in it
 * @param reachability who reaches whom in it
 */
record AskedCluster(Directory directory, Reachability reachability) {

  static AskedCluster of(Plan plan, String clusterDomain, ServiceProxy proxy) {
    return of(new Directory(plan, clusterDomain, proxy));
  }

  private static AskedCluster of(Directory directory) {
    return new AskedCluster(directory, Reachability.of(directory.plan()));
  }

  /** The same of a later version of the cluster: only what differs is planned anew. */
  AskedCluster after(Cluster later) {
    return of(directory.after(directory.plan().after(later)));
  }
}
