package dev.postern.benchmarks.netfilter;

import dev.postern.backend.Artifact;
import dev.postern.backend.Backend;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.MarkField;
import dev.postern.lowering.PolicedPods;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.testing.shape.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compiles shapes and loads them with the real tools into a network namespace of its own: {@code LoadRules [scale [all|node [shape...]]]}, as root.
 * {@code node} polices one of the hundred nodes that the shapes spread their pods over; {@code all} polices every pod of the cluster in
 * one place, which no node does.
 */
public final class LoadRules {

  private LoadRules() {}

  public static void main(String... arguments) throws IOException, InterruptedException {
    double scale = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
    Scope scope =
        arguments.length > 1 && arguments[1].equals("all") ? Scope.CLUSTER : Scope.node("node-1");
    List<Shape> shapes = arguments.length > 2
        ? Arrays.stream(arguments).skip(2).map(Shape::valueOf).toList()
        : List.of(
            Shape.W1_TENANT_TEMPLATE,
            Shape.W2_SMALL_NAMESPACES,
            Shape.W2_LARGE_NAMESPACES,
            Shape.W3_MICROSERVICES,
            Shape.W4_CIDR_EGRESS,
            Shape.W5_UNIQUE);
    System.out.println(
        "| shape | target | plan ms | compile ms | MB | groups | sets | members | rules worst/typical | load s | again s |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    for (Shape shape : shapes) {
      Cluster cluster = shape.cluster(1, scale);
      for (Backend backend : List.of(
          Nftables.backend().skipping(PolicedPods.Unaddressed.SKIP),
          Iptables.backend()
              .skipping(PolicedPods.Unaddressed.SKIP)
              .withMarks(new MarkField(0xFFFF_FF00)))) {
        try {
          measure(shape, cluster, backend, scope);
        } catch (Refusal refusal) {
          System.out.printf(
              "| %s | %s | refused: %s |%n",
              shape, backend.target(), refusal.reasons().get(0));
        }
      }
    }
  }

  private static void measure(Shape shape, Cluster cluster, Backend backend, Scope scope)
      throws IOException, InterruptedException, Refusal {
    long start = System.nanoTime();
    Plan plan = Plan.of(cluster);
    long planned = System.nanoTime();
    Artifact artifact = backend.compile(plan, scope);
    long compiled = System.nanoTime();
    long bytes = artifact.files().values().stream().mapToLong(String::length).sum();
    try (NetworkNamespace namespace = new NetworkNamespace()) {
      double first = namespace.apply(artifact);
      double again = namespace.apply(artifact);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %d | %.1f | %s | %s | %s | %s/%s | %.2f | %.2f |%n",
          shape.name().toLowerCase(Locale.ROOT),
          backend.target(),
          (planned - start) / 1_000_000,
          (compiled - planned) / 1_000_000,
          bytes / 1e6,
          figure(artifact, "groups that share rules"),
          figure(artifact, "sets "),
          figure(artifact, "set members"),
          figure(artifact, "  worst"),
          figure(artifact, "  typical"),
          first,
          again);
    }
  }

  private static String figure(Artifact artifact, String line) {
    return artifact
        .summary()
        .lines()
        .filter(l -> l.startsWith(line))
        .map(l -> l.substring(l.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("");
  }
}
