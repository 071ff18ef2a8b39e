package dev.postern.benchmarks.ovn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.ovn.Northbound;
import dev.postern.ovn.NorthboundDatabase;
import dev.postern.ovn.Ovn;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.ovn.ovsdb.Remote;
import dev.postern.plan.Plan;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import dev.postern.testing.shape.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compiles shapes, brings them to a real northbound database and waits for northd, beside the naive layout:
 * {@code Loading [scale [shape...]]}. Each node is a logical switch with the ports of its pods, as in OVN-Kubernetes. Servers are started on
 * sockets of their own and ended.
 */
public final class Loading {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Loading() {}

  /** Prints a row a shape and layout. */
  public static void main(String... arguments) throws IOException, InterruptedException, Refusal {
    double scale = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
    List<Shape> shapes = arguments.length > 1
        ? Arrays.stream(arguments).skip(1).map(Shape::valueOf).toList()
        : List.of(
            Shape.W1_TENANT_TEMPLATE,
            Shape.W3_MICROSERVICES,
            Shape.W4_CIDR_EGRESS,
            Shape.W5_UNIQUE);
    System.out.println("| shape | layout | plan ms | compile ms | port groups | ACLs | sets | set"
        + " members | apply s | northd s | logical flows | again s |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (Shape shape : shapes) {
      Cluster cluster = shape.cluster(1, scale);
      Plan.of(cluster);
      long start = System.nanoTime();
      Plan plan = Plan.of(cluster);
      long planned = System.nanoTime();
      Northbound rows = Ovn.backend().rows(plan, Scope.CLUSTER);
      long compiled = System.nanoTime();
      measure(shape, "postern", cluster, rows, planned - start, compiled - planned);
      long before = System.nanoTime();
      Northbound naive = NaiveLayout.rows(plan);
      measure(shape, "naive", cluster, naive, planned - start, System.nanoTime() - before);
    }
  }

  private static void measure(
      Shape shape, String layout, Cluster cluster, Northbound rows, long plan, long compile)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("postern-ovn");
    List<Process> processes = new ArrayList<>();
    try {
      for (String name : List.of("nb", "sb")) {
        run(
            directory,
            "ovsdb-tool",
            "create",
            name + ".db",
            "/usr/share/ovn/ovn-" + name + ".ovsschema");
        processes.add(start(
            directory,
            "ovsdb-server",
            "--remote=punix:" + directory.resolve(name + ".sock"),
            "--unixctl=" + directory.resolve(name + ".ctl"),
            "--pidfile=" + directory.resolve(name + ".pid"),
            name + ".db"));
        while (!Files.exists(directory.resolve(name + ".sock"))) {
          Thread.onSpinWait();
        }
      }
      processes.add(start(
          directory,
          "ovn-northd",
          "--ovnnb-db=" + remote(directory, "nb"),
          "--ovnsb-db=" + remote(directory, "sb"),
          "--unixctl=" + directory.resolve("northd.ctl")));
      try (OvsdbClient client =
          OvsdbClient.connect(Remote.parse(remote(directory, "nb")), Optional.empty())) {
        client.transact(topology(cluster));
        sync(directory);
        NorthboundDatabase database = new NorthboundDatabase(client);
        long start = System.nanoTime();
        database.apply(rows);
        long applied = System.nanoTime();
        sync(directory);
        long synced = System.nanoTime();
        database.apply(rows);
        long again = System.nanoTime();
        System.out.printf(
            Locale.ROOT,
            "| %s | %s | %d | %d | %d | %d | %d | %d | %.2f | %.2f | %d | %.2f |%n",
            shape.name().toLowerCase(Locale.ROOT),
            layout,
            plan / 1_000_000,
            compile / 1_000_000,
            rows.groups().size(),
            rows.acls(),
            rows.sets().size(),
            rows.sets().stream().mapToInt(set -> set.addresses().size()).sum(),
            (applied - start) / 1e9,
            (synced - applied) / 1e9,
            logicalFlows(directory),
            (again - synced) / 1e9);
      }
    } finally {
      for (int i = processes.size() - 1; i >= 0; i--) {
        processes.get(i).destroy();
        processes.get(i).waitFor();
      }
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static int logicalFlows(Path directory) throws IOException {
    try (OvsdbClient client =
        OvsdbClient.connect(Remote.parse(remote(directory, "sb")), Optional.empty())) {
      ArrayNode transaction = JSON.arrayNode().add("OVN_Southbound");
      ObjectNode select = transaction.addObject().put("op", "select").put("table", "Logical_Flow");
      select.putArray("where");
      select.putArray("columns").add("_uuid").add("priority");
      int count = 0;
      for (var row : client.transact(transaction).path(0).path("rows")) {
        int priority = row.path("priority").asInt();
        count += priority >= 2000 && priority <= 2015 ? 1 : 0;
      }
      return count;
    }
  }

  private static String remote(Path directory, String name) {
    return "unix:" + directory.resolve(name + ".sock");
  }

  private static void sync(Path directory) throws IOException, InterruptedException {
    run(directory, "ovn-nbctl", "--db=" + remote(directory, "nb"), "--wait=sb", "sync");
  }

  private static ArrayNode topology(Cluster cluster) {
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

  private static Process start(Path directory, String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void run(Path directory, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }
}
