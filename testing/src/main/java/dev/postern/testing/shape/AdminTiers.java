package dev.postern.testing.shape;

import static dev.postern.testing.shape.Parts.any;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Cidr;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Cluster administrators' ordered rules over and under the developers' policies. */
final class AdminTiers {

  private static final int RULES = 25;
  private static final List<ContainerPort> PORTS =
      List.of(new ContainerPort("http", Protocol.TCP, 8080));

  private AdminTiers() {}

  static Cluster cluster(long seed, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    Parts parts = new Parts(false);
    int namespaces = Parts.count(500, scale);
    for (int i = 0; i < namespaces; i++) {
      String namespace = "ns-" + i;
      parts.namespace(
          namespace, Parts.labels(Map.of("team", "team-" + i % 25, "zone", "zone-" + i % 4)));
      for (int app = 0; app < 10; app++) {
        parts.workload(namespace, "app-" + app, Parts.labels("app", "app-" + app), PORTS, 2);
        parts.policy(
            namespace,
            "app-" + app,
            app(app),
            EnumSet.of(Direction.INGRESS),
            Parts.from(
                any(Parts.pods(namespace, app(random.nextInt(10)))),
                Parts.ports(Parts.port(Protocol.TCP, 8080))));
      }
    }
    admin(parts, Parts.count(100, scale), random);
    parts.ordered(
        PolicyKind.BASELINE_ADMIN_NETWORK_POLICY,
        "default",
        Tier.BASELINE,
        Policy.LAST,
        new Subject(NamespaceSelection.ALL, Selector.EVERYTHING),
        List.of(Parts.rule(
            Direction.INGRESS,
            Action.DENY,
            any(Parts.namespaces(Selector.equal("zone", "zone-0"), Selector.EVERYTHING)),
            Ports.ALL)));
    return parts.cluster();
  }

  /** Alternately the old and the new kind; every tenth shares the priority of the one before it. */
  private static void admin(Parts parts, int count, SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      int priority = (i % 10 == 9 ? i - 1 : i) % 1001;
      PolicyKind kind =
          i / 10 % 2 == 0 ? PolicyKind.ADMIN_NETWORK_POLICY : PolicyKind.CLUSTER_NETWORK_POLICY;
      List<PolicyRule> rules = new ArrayList<>();
      for (int j = 0; j < RULES; j++) {
        Direction direction = random.nextInt(3) == 0 ? Direction.EGRESS : Direction.INGRESS;
        Action action = Action.values()[random.nextInt(3)];
        rules.add(Parts.rule(direction, action, peers(direction, random), ports(random)));
      }
      NamespaceSelection subject = i % 10 >= 8
          ? NamespaceSelection.ALL
          : new NamespaceSelection.Matching(Selector.equal("team", "team-" + random.nextInt(25)));
      parts.ordered(
          kind,
          "admin-" + i,
          Tier.ADMIN,
          priority,
          new Subject(subject, Selector.EVERYTHING),
          rules);
    }
  }

  private static Peers peers(Direction direction, SplittableRandom random) {
    if (direction == Direction.EGRESS && random.nextInt(3) == 0) {
      Cidr cidr = Cidr.parse((11 + random.nextInt(200)) + "." + random.nextInt(256) + ".0.0/16");
      return any(new Peer.Networks(List.of(cidr), Origin.NONE));
    }
    Selector namespaces = random.nextBoolean()
        ? Selector.equal("team", "team-" + random.nextInt(25))
        : Selector.equal("zone", "zone-" + random.nextInt(4));
    return any(Parts.namespaces(
        namespaces, random.nextBoolean() ? Selector.EVERYTHING : app(random.nextInt(10))));
  }

  private static Ports ports(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> Ports.ALL;
      case 1 ->
        Parts.ports(
            Parts.port(Protocol.TCP, 8080), Parts.port(Protocol.TCP, 1 + random.nextInt(65_535)));
      default -> Parts.ports(Parts.range(Protocol.TCP, 8000, 8001 + random.nextInt(1000)));
    };
  }

  private static Selector app(int app) {
    return Selector.equal("app", "app-" + app);
  }
}
