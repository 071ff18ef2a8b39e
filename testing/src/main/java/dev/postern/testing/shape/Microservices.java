package dev.postern.testing.shape;

import static dev.postern.testing.shape.Parts.any;
import static dev.postern.testing.shape.Parts.from;
import static dev.postern.testing.shape.Parts.namespaces;
import static dev.postern.testing.shape.Parts.pods;
import static dev.postern.testing.shape.Parts.ports;
import static dev.postern.testing.shape.Parts.to;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Ports;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Apps that call each other within their namespace and at times beyond it; most of a pod's labels matter to no policy. */
final class Microservices {

  private static final int APPS = 10;
  private static final int REPLICAS = 10;
  private static final int POLICIES = 10;
  private static final int PORTS = 64;

  private Microservices() {}

  static Cluster cluster(long seed, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    Parts parts = new Parts(false);
    int namespaces = Parts.count(1000, scale);
    for (int i = 0; i < namespaces; i++) {
      String namespace = "ns-" + i;
      parts.namespace(
          namespace,
          Parts.labels(Map.of("team", "team-" + i % 40, "env", i % 4 == 0 ? "prod" : "dev")));
      for (int app = 0; app < APPS; app++) {
        app(parts, namespace, app, random);
      }
      for (int policy = 0; policy < POLICIES; policy++) {
        policy(parts, namespace, policy, random);
      }
    }
    return parts.cluster();
  }

  /** Eight to fifteen labels a pod: three to ten of the app, five of the pod alone. */
  private static void app(Parts parts, String namespace, int app, SplittableRandom random) {
    Map<String, String> shared = new HashMap<>();
    shared.put("app", "app-" + app);
    shared.put("tier", "tier-" + app % 3);
    shared.put("version", "v" + random.nextInt(5));
    for (int extra = random.nextInt(8); extra > 0; extra--) {
      shared.put("meta-" + extra, "value-" + random.nextInt(100));
    }
    List<ContainerPort> ports = List.of(
        new ContainerPort("http", Protocol.TCP, 8000 + app % 4),
        new ContainerPort("grpc", Protocol.TCP, 9000 + app % 2),
        new ContainerPort("", Protocol.TCP, number(random)));
    for (int replica = 0; replica < REPLICAS; replica++) {
      Map<String, String> labels = new HashMap<>(shared);
      for (int own = 0; own < 5; own++) {
        labels.put("own-" + own, Long.toString(random.nextLong(), 36).replace('-', 'n'));
      }
      parts.distinctPod(
          namespace, "app-" + app, "app-" + app + "-" + replica, Parts.labels(labels), ports);
    }
  }

  private static void policy(Parts parts, String namespace, int index, SplittableRandom random) {
    Selector subject = app(index % APPS);
    Ports ports = random.nextInt(4) == 0
        ? ports(Parts.named(random.nextBoolean() ? "http" : "grpc"))
        : ports(Parts.port(Protocol.TCP, number(random)), Parts.port(Protocol.TCP, number(random)));
    if (random.nextInt(4) == 0) {
      parts.policy(
          namespace,
          "policy-" + index,
          subject,
          EnumSet.of(Direction.EGRESS),
          to(any(peer(namespace, random)), ports));
    } else {
      parts.policy(
          namespace,
          "policy-" + index,
          subject,
          EnumSet.of(Direction.INGRESS),
          from(any(peer(namespace, random), peer(namespace, random)), ports));
    }
  }

  private static Peer peer(String namespace, SplittableRandom random) {
    if (random.nextInt(20) == 0) {
      return namespaces(
          Selector.equal("team", "team-" + random.nextInt(40)), app(random.nextInt(APPS)));
    }
    return switch (random.nextInt(4)) {
      case 0 -> pods(namespace, Selector.equal("tier", "tier-" + random.nextInt(3)));
      case 1 ->
        pods(
            namespace,
            Selector.of(new Requirement(
                "app",
                Operator.IN,
                List.of("app-" + random.nextInt(APPS), "app-" + random.nextInt(APPS)))));
      case 2 ->
        pods(
            namespace,
            Selector.of(
                Requirement.equal("app", "app-" + random.nextInt(APPS)),
                new Requirement("version", Operator.NOT_IN, List.of("v" + random.nextInt(5)))));
      default -> pods(namespace, app(random.nextInt(APPS)));
    };
  }

  private static Selector app(int app) {
    return Selector.equal("app", "app-" + app);
  }

  private static int number(SplittableRandom random) {
    return 7000 + 10 * random.nextInt(PORTS);
  }
}
