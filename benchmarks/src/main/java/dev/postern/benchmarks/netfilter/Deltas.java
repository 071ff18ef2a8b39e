package dev.postern.benchmarks.netfilter;

import dev.postern.backend.Artifact;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.lowering.PolicedPods;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.testing.shape.Churn;
import dev.postern.testing.shape.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What an update costs beside the whole: {@code Deltas [scale [all|node [shape...]]]}, as root. A shape is compiled and loaded as {@link
 * LoadRules} does; then changes of {@link Churn} are compiled and applied one by one. Medians of those that changed anything here, and of five
 * times the whole after them: processor time of planning and compiling, wall time of apply.sh.
 */
public final class Deltas {

  /** Stops when so many changes of pods and so many of policies were about what is policed here, or after so many changes at all. */
  private static final int PODS = 20;

  private static final int EDITS = 5;
  private static final int CHANGES = 110;

  private Deltas() {}

  /** What changes of one kind cost. */
  private static final class Costs {
    private final List<Double> plan = new ArrayList<>();
    private final List<Double> compile = new ArrayList<>();
    private final List<Double> lines = new ArrayList<>();
    private final List<Double> apply = new ArrayList<>();

    String text() {
      if (apply.isEmpty()) {
        return "0 | | | |";
      }
      return String.format(
          Locale.ROOT,
          "%d | %.0f | %.0f | %.0f | %.0f",
          apply.size(),
          median(plan),
          median(compile),
          median(lines),
          median(apply));
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  public static void main(String... arguments) throws IOException, InterruptedException, Refusal {
    double scale = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
    Scope scope =
        arguments.length > 1 && arguments[1].equals("all") ? Scope.CLUSTER : Scope.node("node-1");
    List<Shape> shapes = arguments.length > 2
        ? Arrays.stream(arguments).skip(2).map(Shape::valueOf).toList()
        : List.of(Shape.W1_TENANT_TEMPLATE, Shape.W6_ADMIN_TIERS);
    System.out.println(
        "| shape | target | change | of these | plan ms | compile ms | lines | apply ms |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (Shape shape : shapes) {
      for (Incremental target : List.of(
          Nftables.backend().skipping(PolicedPods.Unaddressed.SKIP),
          Iptables.backend().skipping(PolicedPods.Unaddressed.SKIP))) {
        measure(shape, shape.cluster(1, scale), target, scope);
      }
    }
  }

  private static void measure(Shape shape, Cluster first, Incremental target, Scope scope)
      throws IOException, InterruptedException, Refusal {
    Costs whole = new Costs();
    Costs pods = new Costs();
    Costs edits = new Costs();
    Cluster cluster = first;
    Plan plan = Plan.of(cluster);
    try (NetworkNamespace namespace = new NetworkNamespace()) {
      namespace.apply(target.compile(plan, scope));
      Churn churn = Churn.of(cluster, 1);
      for (int i = 0;
          i < CHANGES && (pods.apply.size() < PODS || edits.apply.size() < EDITS);
          i++) {
        Churn.ClusterChange change = churn.next();
        cluster = change.after(cluster);
        Costs costs = change instanceof Churn.PodsChanged ? pods : edits;
        long start = cpu();
        Plan next = Plan.of(cluster);
        long planned = cpu();
        Artifact delta = target.delta(plan, next, scope);
        long compiled = cpu();
        plan = next;
        add(costs, start, planned, compiled, delta, namespace.apply(delta));
      }
      for (int i = 0; i < 5; i++) {
        long start = cpu();
        Plan next = Plan.of(cluster);
        long planned = cpu();
        Artifact all = target.compile(next, scope);
        long compiled = cpu();
        add(whole, start, planned, compiled, all, namespace.apply(all));
      }
    }
    String name = shape.name().toLowerCase(Locale.ROOT);
    System.out.printf("| %s | %s | pods | %s |%n", name, target.target(), pods.text());
    System.out.printf("| %s | %s | edit | %s |%n", name, target.target(), edits.text());
    System.out.printf("| %s | %s | whole | %s |%n", name, target.target(), whole.text());
  }

  /** Processor time of this thread in nanoseconds. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void add(
      Costs costs, long start, long planned, long compiled, Artifact artifact, double seconds) {
    long lines = artifact.files().entrySet().stream()
        .filter(file -> file.getKey().matches(".*(restore|nft|sets.txt)"))
        .mapToLong(file -> file.getValue().lines().count())
        .sum();
    if (lines == 0) {
      return;
    }
    costs.plan.add((planned - start) / 1e6);
    costs.compile.add((compiled - planned) / 1e6);
    costs.lines.add((double) lines);
    costs.apply.add(seconds * 1e3);
  }
}
