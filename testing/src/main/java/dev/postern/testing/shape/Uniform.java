package dev.postern.testing.shape;

import static dev.postern.testing.shape.Parts.any;
import static dev.postern.testing.shape.Parts.from;
import static dev.postern.testing.shape.Parts.pods;
import static dev.postern.testing.shape.Parts.port;
import static dev.postern.testing.shape.Parts.ports;
import static dev.postern.testing.shape.Parts.to;

import dev.postern.cluster.Cluster;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The three extreme splits of 100k pods that Antrea's controller is benchmarked with. Nothing is left to chance: the seed is unused. */
final class Uniform {

  private static final Set<Direction> BOTH = EnumSet.allOf(Direction.class);
  private static final Set<Direction> INGRESS = EnumSet.of(Direction.INGRESS);

  private Uniform() {}

  /** In each namespace a default deny, and a pair of policies that lets one app reach the other. */
  static Cluster smallNamespaces(long seed, double scale) {
    Parts parts = new Parts(false);
    int namespaces = Parts.count(25_000, scale);
    for (int i = 0; i < namespaces; i++) {
      String namespace = "ns-" + i;
      parts.namespace(namespace, Parts.labels("app", namespace));
      for (String app : List.of("app-1", "app-2")) {
        parts.workload(namespace, app, Parts.labels(app, app), List.of(), 2);
      }
      Selector client = Selector.equal("app-1", "app-1");
      Selector server = Selector.equal("app-2", "app-2");
      parts.policy(namespace, "default-deny", Selector.EVERYTHING, BOTH);
      parts.policy(
          namespace,
          "client",
          client,
          EnumSet.of(Direction.EGRESS),
          to(any(pods(namespace, server)), Ports.ALL));
      parts.policy(
          namespace, "server", server, INGRESS, from(any(pods(namespace, client)), Ports.ALL));
    }
    return parts.cluster();
  }

  /** In each namespace a chain: every app admits the one before it. */
  static Cluster largeNamespaces(long seed, double scale) {
    Parts parts = new Parts(false);
    int namespaces = Parts.count(100, Math.sqrt(scale));
    int apps = Parts.count(100, Math.sqrt(scale));
    for (int i = 0; i < namespaces; i++) {
      String namespace = "ns-" + i;
      parts.namespace(namespace, Parts.labels("app", namespace));
      for (int app = 0; app < apps; app++) {
        parts.workload(namespace, "app-" + app, Parts.labels("app", "app-" + app), List.of(), 10);
        parts.policy(
            namespace,
            "app-" + app,
            Selector.equal("app", "app-" + app),
            INGRESS,
            from(
                any(pods(namespace, Selector.equal("app", "app-" + (app + apps - 1) % apps))),
                ports(port(Protocol.TCP, 80))));
      }
    }
    return parts.cluster();
  }

  static Cluster oneNamespace(long seed, double scale) {
    Parts parts = new Parts(false);
    int count = Parts.count(10_000, scale);
    parts.namespace("ns", Parts.labels("app", "ns"));
    parts.workload("ns", "app", Parts.labels("app", "app"), List.of(), count);
    for (int i = 0; i < count; i++) {
      parts.policy(
          "ns",
          "policy-" + i,
          Selector.EVERYTHING,
          INGRESS,
          from(any(pods("ns", Selector.EVERYTHING)), Ports.ALL));
    }
    return parts.cluster();
  }
}
