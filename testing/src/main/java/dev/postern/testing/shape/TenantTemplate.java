package dev.postern.testing.shape;

import static dev.postern.testing.shape.Parts.any;
import static dev.postern.testing.shape.Parts.from;
import static dev.postern.testing.shape.Parts.named;
import static dev.postern.testing.shape.Parts.namespace;
import static dev.postern.testing.shape.Parts.namespaces;
import static dev.postern.testing.shape.Parts.pods;
import static dev.postern.testing.shape.Parts.port;
import static dev.postern.testing.shape.Parts.ports;
import static dev.postern.testing.shape.Parts.to;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Namespace;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Cidr;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Tenants that a platform team gave the same ten policies, the last of which each tenant wrote by hand. */
final class TenantTemplate {

  private static final Set<Direction> INGRESS = EnumSet.of(Direction.INGRESS);
  private static final Set<Direction> EGRESS = EnumSet.of(Direction.EGRESS);
  private static final List<String> APPS = List.of("web", "api", "worker", "db");
  private static final List<ContainerPort> PORTS = List.of(
      new ContainerPort("http", Protocol.TCP, 8080),
      new ContainerPort("metrics", Protocol.TCP, 9090));

  private TenantTemplate() {}

  static Cluster cluster(long seed, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    Parts parts = new Parts(false);
    for (String shared : List.of("ingress-nginx", "kube-system", "monitoring")) {
      parts.namespace(shared, Parts.labels("platform", "true"));
      parts.workload(shared, "pod", Parts.labels("k8s-app", shared), PORTS, 2);
    }
    int tenants = Parts.count(1400, scale);
    for (int i = 0; i < tenants; i++) {
      String tenant = "tenant-" + i;
      parts.namespace(
          tenant, Parts.labels(Map.of("tenant", tenant, "plan", i % 3 == 0 ? "gold" : "basic")));
      // 5,000 pods over 1,400 tenants: 3.57 each.
      for (int app = 0; app < (i % 7 < 4 ? 4 : 3); app++) {
        parts.workload(
            tenant,
            APPS.get(app),
            Parts.labels(Map.of("app", APPS.get(app), "tenant", tenant)),
            PORTS,
            1);
      }
      template(parts, tenant);
      own(parts, tenant, random);
    }
    return parts.cluster();
  }

  /** Nine policies, two of them for apps that no tenant has. */
  private static void template(Parts parts, String tenant) {
    Selector all = Selector.EVERYTHING;
    parts.policy(tenant, "default-deny", all, EnumSet.allOf(Direction.class));
    parts.policy(
        tenant,
        "same-namespace",
        all,
        EnumSet.allOf(Direction.class),
        from(any(pods(tenant, all)), Ports.ALL),
        to(any(pods(tenant, all)), Ports.ALL));
    parts.policy(
        tenant,
        "dns",
        all,
        EGRESS,
        to(
            any(namespaces(
                Selector.equal(Namespace.NAME_LABEL, "kube-system"),
                Selector.equal("k8s-app", "kube-system"))),
            ports(port(Protocol.UDP, 53), port(Protocol.TCP, 53))));
    parts.policy(
        tenant,
        "ingress-controller",
        Selector.equal("app", "web"),
        INGRESS,
        from(any(namespace("ingress-nginx")), ports(named("http"))));
    parts.policy(
        tenant,
        "monitoring",
        all,
        INGRESS,
        from(any(namespace("monitoring")), ports(named("metrics"))));
    parts.policy(
        tenant,
        "api-to-internet",
        Selector.equal("app", "api"),
        EGRESS,
        to(
            any(new Peer.IpBlock(
                Cidr.parse("0.0.0.0/0"),
                List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("169.254.169.254/32")),
                Origin.NONE)),
            ports(port(Protocol.TCP, 443))));
    parts.policy(
        tenant,
        "db-from-api",
        Selector.equal("app", "db"),
        INGRESS,
        from(any(pods(tenant, Selector.equal("app", "api"))), ports(port(Protocol.TCP, 5432))));
    parts.policy(
        tenant,
        "kafka",
        Selector.equal("app", "kafka"),
        INGRESS,
        from(any(pods(tenant, all)), ports(port(Protocol.TCP, 9092))));
    parts.policy(
        tenant,
        "legacy",
        Selector.equal("app", "legacy"),
        INGRESS,
        from(Peers.EVERYONE, Ports.ALL));
  }

  /** A policy of the tenant's own; two in ten select no pod. */
  private static void own(Parts parts, String tenant, SplittableRandom random) {
    String app =
        random.nextInt(10) < 2 ? "gone-" + random.nextInt(1000) : APPS.get(random.nextInt(3));
    Cidr office = Cidr.parse("203." + random.nextInt(256) + "." + random.nextInt(256) + ".0/24");
    parts.policy(
        tenant,
        "own",
        Selector.equal("app", app),
        INGRESS,
        from(
            any(new Peer.IpBlock(office, List.of(), Origin.NONE)),
            ports(port(Protocol.TCP, 1024 + random.nextInt(40000)))));
  }
}
