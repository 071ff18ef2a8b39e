package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.service.ServiceProxy;
import java.util.HashMap;
import java.util.Map;

/** A cluster planned under each choice of options that a question needs, when one does. Safe for use by several threads. */
final class AskedReadings {

  private final Map<Options, AskedCluster> made = new HashMap<>();
  /** Of earlier versions of the cluster: those that nobody has asked for since. */
  private final Map<Options, AskedCluster> earlier;

  AskedReadings() {
    this(new HashMap<>());
  }

  private AskedReadings(Map<Options, AskedCluster> earlier) {
    this.earlier = earlier;
  }

  /** Those of a later version of the cluster, none of which is made yet. */
  synchronized AskedReadings after() {
    Map<Options, AskedCluster> latest = new HashMap<>(earlier);
    latest.putAll(made);
    return new AskedReadings(latest);
  }

  /** The cluster under some options: the same cluster each time. */
  synchronized AskedCluster under(
      Options options, Cluster cluster, String clusterDomain, ServiceProxy proxy) {
    AskedCluster known = made.get(options);
    if (known != null) {
      return known;
    }
    AskedCluster before = earlier.remove(options);
    AskedCluster now = before == null
        ? AskedCluster.of(Plan.of(cluster, options), clusterDomain, proxy)
        : before.after(cluster);
    made.put(options, now);
    return now;
  }
}
