package dev.postern.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A fleet of clusters that one team rolls out: three namespaces of the platform, seven of applications and admin policies are the same in all,
 * and each has a namespace of its own; in every third, one application has another version. A cluster has 34 workloads and 48 policies in 12 files.
 */
final class GeneratedFleet {

  private static final int APPLICATIONS = 7;
  private static final int TIERS = 4;

  private static final String NAMESPACE = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: %s, labels: {team: %s}}
      """;

  private static final String WORKLOAD = """
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: %2$s, namespace: %1$s}
      spec:
        replicas: 2
        selector: {matchLabels: {app: %2$s}}
        template:
          metadata: {labels: {app: %2$s, tier: back}}
          spec:
            containers:
            - name: main
              image: registry.example/%2$s:1
              ports: [{name: http, containerPort: %3$d}]
              readinessProbe: {httpGet: {path: /ready, port: http}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: %2$s, namespace: %1$s}
      spec:
        selector: {app: %2$s}
        ports: [{port: 80, targetPort: http}]
      """;

  private static final String DEFAULTS = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: default-deny, namespace: %1$s}
      spec:
        podSelector: {}
        policyTypes: [Ingress, Egress]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: allow-dns, namespace: %1$s}
      spec:
        podSelector: {}
        policyTypes: [Egress]
        egress:
        - to:
          - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
            podSelector: {matchLabels: {app: coredns}}
          ports: [{protocol: UDP, port: 53}, {port: 53}]
      """;

  private static final String POLICY = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: %2$s, namespace: %1$s}
      spec:
        podSelector: {matchLabels: {app: %2$s}}
        policyTypes: [Ingress, Egress]
        ingress:
        - from: [%3$s]
          ports: [{port: %4$d}]
        - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
          ports: [{port: %5$d}]
        egress:
        - to: [%6$s]
          ports: [{port: %5$d}]
      """;

  private static final String ADMIN = """
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: monitoring}
      spec:
        tier: Admin
        priority: 10
        subject: {namespaces: {}}
        ingress:
        - action: Accept
          from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
      ---
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: no-metadata-service}
      spec:
        tier: Admin
        priority: 20
        subject: {namespaces: {}}
        egress:
        - action: Deny
          to: [{networks: [169.254.169.254/32]}]
      """;

  private GeneratedFleet() {}

  /**
   * Writes a folder a cluster, and {@code clusters.csv}.
   *
   * @param directory is there, and holds nothing
   * @param differ whether they differ
   */
  static void write(Path directory, int count, boolean differ) throws IOException {
    List<String> table = new ArrayList<>(List.of("name,manifests"));
    for (int i = 0; i < count; i++) {
      Path cluster = Files.createDirectory(directory.resolve("c%05d".formatted(i)));
      cluster(cluster, differ ? i : 0);
      table.add(cluster.getFileName() + "," + cluster);
    }
    Files.write(directory.resolve("clusters.csv"), table);
  }

  private static void cluster(Path cluster, int number) throws IOException {
    Random random = new Random(number);
    Files.writeString(cluster.resolve("admin.yaml"), ADMIN);
    platform(cluster, "kube-system", "coredns", 53);
    platform(cluster, "monitoring", "prometheus", 9090);
    platform(cluster, "ingress-nginx", "controller", 8080);
    int other = number % 3 == 0 ? random.nextInt(APPLICATIONS) : -1;
    for (int i = 0; i < APPLICATIONS; i++) {
      application(cluster, "app" + i, "team" + i % 3, TIERS, 8000 + i, i == other);
    }
    String own = "store-" + number;
    application(cluster, own, "stores", 2, 8200 + random.nextInt(20), false);
    Files.writeString(
        cluster.resolve("cluster.postern"),
        "app1/app1-s0 can reach app1/app1-s1 on 8001\n%1$s/%1$s-s0 cannot reach app1/app1-s1 on 8001\n"
            .formatted(own));
  }

  private static void platform(Path cluster, String namespace, String name, int port)
      throws IOException {
    Files.writeString(
        cluster.resolve(namespace + ".yaml"),
        NAMESPACE.formatted(namespace, "platform") + WORKLOAD.formatted(namespace, name, port));
  }

  /** Workloads in a row, each of which may call the next. */
  private static void application(
      Path cluster, String namespace, String team, int tiers, int port, boolean other)
      throws IOException {
    StringBuilder text = new StringBuilder(NAMESPACE.formatted(namespace, team));
    for (int i = 0; i < tiers; i++) {
      text.append(WORKLOAD.formatted(namespace, namespace + "-s" + i, port));
    }
    text.append(DEFAULTS.formatted(namespace));
    for (int i = 0; i < tiers; i++) {
      text.append(POLICY.formatted(
          namespace,
          namespace + "-s" + i,
          i == 0
              ? "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}"
              : pods(namespace, i - 1),
          other && i == 1 ? port + 1 : port,
          port,
          i + 1 < tiers ? pods(namespace, i + 1) : "{ipBlock: {cidr: 10.100.0.0/16}}"));
    }
    Files.writeString(cluster.resolve(namespace + ".yaml"), text);
  }

  private static String pods(String namespace, int tier) {
    return "{podSelector: {matchLabels: {app: %s-s%d}}}".formatted(namespace, tier);
  }
}
