package dev.postern.testing.shape;

import dev.postern.cluster.Cluster;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Pods that have or lack each of k labels by chance, and a policy for each label: 2^k classes could be, as many as pods are. */
final class Overlapping {

  private Overlapping() {}

  static Cluster cluster(long seed, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    Parts parts = new Parts(false);
    int keys = Math.max(4, Parts.count(64, scale));
    int pods = Parts.count(10_000, scale);
    parts.namespace("ns", Parts.labels("app", "ns"));
    for (int i = 0; i < pods; i++) {
      Map<String, String> labels = new HashMap<>();
      for (int key = 0; key < keys; key++) {
        if (random.nextBoolean()) {
          labels.put("k" + key, "on");
        }
      }
      parts.workload("ns", "pod-" + i, Parts.labels(labels), List.of(), 1);
    }
    for (int key = 0; key < keys; key++) {
      Selector peer =
          Selector.of(new Requirement("k" + (key + 1) % keys, Operator.EXISTS, List.of()));
      parts.policy(
          "ns",
          "policy-" + key,
          Selector.equal("k" + key, "on"),
          EnumSet.of(Direction.INGRESS),
          Parts.from(
              Parts.any(Parts.pods("ns", peer)),
              Parts.ports(Parts.port(Protocol.TCP, 1000 + key))));
    }
    return parts.cluster();
  }
}
