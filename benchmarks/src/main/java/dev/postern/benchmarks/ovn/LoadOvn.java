package dev.postern.benchmarks.ovn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.lowering.PolicedPods;
import dev.postern.ovn.FlowCost;
import dev.postern.ovn.Northbound;
import dev.postern.ovn.NorthboundDatabase;
import dev.postern.ovn.Ovn;
import dev.postern.ovn.OvnOptions;
import dev.postern.ovn.OvnVersion;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.plan.Plan;
import dev.postern.testing.OvnPrograms;
import dev.postern.testing.shape.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compiles shapes, brings them to a real OVN and waits for northd and for the ovn-controller of the node with most policed pods, beside the
 * naive layout:
 * {@code LoadOvn [--newer] [--without-naive] [--northbound] [scale [shape...]]}. Each node is a logical switch with the ports of its pods, as in
 * OVN-Kubernetes. With {@code --newer} OVN is that of Debian 13, which has tiers; with {@code --northbound} only the northbound database
 * takes part, which shapes at full scale need not wait for.
 */
public final class LoadOvn {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int COMPILATIONS = 5;

  private final OvnPrograms programs;
  private final boolean northbound;
  private final Shape shape;
  private final Cluster cluster;
  private final Map<String, List<String>> portsOfNode = new TreeMap<>();

  private LoadOvn(OvnPrograms programs, Shape shape, double scale, boolean northbound) {
    this.programs = programs;
    this.northbound = northbound;
    this.shape = shape;
    this.cluster = shape.cluster(1, scale);
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        portsOfNode
            .computeIfAbsent(pod.node().orElse("nowhere"), node -> new ArrayList<>())
            .add(workload.namespace() + "_" + pod.name());
      }
    }
  }

  /** Prints a row a shape and layout. */
  public static void main(String... arguments) throws IOException, Refusal {
    List<String> words = new ArrayList<>(List.of(arguments));
    boolean naive = !words.remove("--without-naive");
    boolean northbound = words.remove("--northbound");
    OvnPrograms programs = words.remove("--newer") ? OvnPrograms.newer() : OvnPrograms.installed();
    double scale = words.isEmpty() ? 1 : Double.parseDouble(words.get(0));
    List<Shape> shapes = words.size() > 1
        ? words.stream().skip(1).map(Shape::valueOf).toList()
        : List.of(
            Shape.W1_TENANT_TEMPLATE,
            Shape.W2_SMALL_NAMESPACES,
            Shape.W3_MICROSERVICES,
            Shape.W4_CIDR_EGRESS,
            Shape.W5_UNIQUE);
    System.out.println("| shape | layout | pods | compile ms | port groups | ACLs | sets"
        + " | set members | apply s | northd s | logical flows | ports of the node | controller s"
        + " | OpenFlow flows | predicted | again s |");
    System.out.println("|---".repeat(16) + "|");
    for (Shape shape : shapes) {
      LoadOvn loading = new LoadOvn(programs, shape, scale, northbound);
      loading.measure(
          programs.version(), OvnOptions.DEFAULT.withVersion(OvnVersion.parse(programs.version())));
      if (!programs.isInstalled()) {
        loading.measure(
            "one tier",
            OvnOptions.DEFAULT.withVersion(OvnVersion.parse(programs.version())).withTier(0));
      }
      if (naive) {
        loading.measureNaive();
      }
    }
  }

  /** Compiles a few times; what is given is the least processor time, which other work on the machine does not lengthen. */
  private void measure(String layout, OvnOptions options) throws IOException, Refusal {
    long best = Long.MAX_VALUE;
    for (int i = 0; ; i++) {
      Plan plan = Plan.of(cluster);
      long start = processorTime();
      Northbound rows =
          Ovn.backend(options).skipping(PolicedPods.Unaddressed.SKIP).rows(plan, Scope.CLUSTER);
      best = Math.min(best, processorTime() - start);
      if (i + 1 == COMPILATIONS) {
        measure("Postern " + layout, rows, best);
        return;
      }
    }
  }

  private void measureNaive() throws IOException {
    Plan plan = Plan.of(cluster);
    long start = processorTime();
    Northbound rows = NaiveLayout.rows(plan);
    measure("naive", rows, processorTime() - start);
  }

  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void measure(String layout, Northbound rows, long compile) throws IOException {
    Set<String> policed = new HashSet<>();
    rows.groups().forEach(group -> policed.addAll(group.ports()));
    List<String> fullest = portsOfNode.values().stream()
        .max(Comparator.comparingLong(
            ports -> ports.stream().filter(policed::contains).count()))
        .orElse(List.of());
    try (Lab lab = new Lab(programs, !northbound);
        OvsdbClient client = lab.connect("nb")) {
      client.transact(topology());
      if (!northbound) {
        lab.plug(fullest);
        lab.sync(true);
      }
      NorthboundDatabase database = new NorthboundDatabase(client);
      long start = System.nanoTime();
      database.apply(rows);
      long applied = System.nanoTime();
      if (!northbound) {
        lab.sync(false);
      }
      long synced = System.nanoTime();
      if (!northbound) {
        lab.sync(true);
      }
      long enforced = System.nanoTime();
      database.apply(rows);
      long again = System.nanoTime();
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %d | %d | %d | %d | %d | %.2f | %.2f | %d | %d | %.2f | %d | %s | %.2f |%n",
          shape.name().toLowerCase(Locale.ROOT),
          layout,
          portsOfNode.values().stream().mapToInt(List::size).sum(),
          compile / 1_000_000,
          rows.groups().size(),
          rows.acls(),
          rows.sets().size(),
          rows.sets().stream().mapToInt(set -> set.addresses().size()).sum(),
          (applied - start) / 1e9,
          (synced - applied) / 1e9,
          northbound ? 0 : lab.logicalFlows(),
          fullest.size(),
          (enforced - synced) / 1e9,
          northbound ? 0 : lab.openFlows(),
          layout.equals("naive") ? "" : Long.toString(FlowCost.of(rows, fullest)),
          (again - enforced) / 1e9);
    }
  }

  private ArrayNode topology() {
    ArrayNode transaction = JSON.arrayNode().add("OVN_Northbound");
    Map<String, ArrayNode> switches = new TreeMap<>();
    int number = 0;
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        StringBuilder addresses = new StringBuilder(String.format(
            "0a:00:%02x:%02x:%02x:%02x",
            number >> 24 & 255, number >> 16 & 255, number >> 8 & 255, number & 255));
        pod.addresses().forEach(address -> addresses.append(' ').append(address));
        ObjectNode row = JSON.objectNode()
            .put("name", workload.namespace() + "_" + pod.name())
            .put("addresses", addresses.toString());
        transaction
            .addObject()
            .put("op", "insert")
            .put("table", "Logical_Switch_Port")
            .put("uuid-name", "p" + number)
            .set("row", row);
        switches
            .computeIfAbsent(pod.node().orElse("nowhere"), node -> JSON.arrayNode())
            .addArray()
            .add("named-uuid")
            .add("p" + number++);
      }
    }
    switches.forEach((node, ports) -> {
      ObjectNode row = JSON.objectNode().put("name", node);
      row.putArray("ports").add("set").add(ports);
      transaction.addObject().put("op", "insert").put("table", "Logical_Switch").set("row", row);
    });
    return transaction;
  }
}
