package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.ovn.ovsdb.Remote;
import dev.postern.testing.OvnPrograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * An OVN of our own: northbound and southbound servers and northd on sockets in a directory of their own. It ends the processes that it
 * started, and no others.
 */
public final class OvnLab implements AutoCloseable {

  private static final long LONGEST_SECONDS = 60;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The switch that all pods of a test are on. */
  static final String SWITCH = "pods";

  /** The port behind which everything outside is. */
  static final String OUTSIDE = "outside";

  /** The MAC that packets for it go to. */
  static final String OUTSIDE_MAC = "0a:00:00:01:00:01";

  public final Path directory;
  final NorthboundDatabase northbound;
  private final OvsdbClient client;
  private final Process northd;
  private final List<Process> processes = new ArrayList<>();

  private final OvnPrograms release;

  /** An OVN of the release that the machine has. */
  public OvnLab() throws IOException {
    this(OvnPrograms.installed());
  }

  public OvnLab(OvnPrograms release) throws IOException {
    this.release = release;
    directory = Files.createTempDirectory("ovn");
    wrap("ovn-nbctl");
    database("nb");
    database("sb");
    northd = start(
        "ovn-northd",
        "--ovnnb-db=" + remote("nb"),
        "--ovnsb-db=" + remote("sb"),
        "--unixctl=" + directory.resolve("northd.ctl"));
    client = OvsdbClient.connect(Remote.parse(remote("nb")), Optional.empty());
    northbound = new NorthboundDatabase(client);
  }

  /** Makes scripts find this release's program. */
  private void wrap(String program) throws IOException {
    if (release.isInstalled()) {
      return;
    }
    Path file = Files.createDirectories(directory.resolve("bin")).resolve(program);
    Files.writeString(
        file, "#!/bin/sh\nexec " + String.join(" ", release.words(program)) + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  OvnPrograms release() {
    return release;
  }

  private void database(String name) throws IOException {
    Path file = directory.resolve(name + ".db");
    run("ovsdb-tool", "create", file.toString(), release.schema("ovn-" + name));
    start(
        "ovsdb-server",
        "--remote=p" + remote(name),
        "--unixctl=" + directory.resolve(name + ".ctl"),
        "--pidfile=" + directory.resolve(name + ".pid"),
        file.toString());
    await(() -> Files.exists(directory.resolve(name + ".sock")));
  }

  public String remote(String name) {
    return "unix:" + directory.resolve(name + ".sock");
  }

  /** Starts a process that ends with this lab. */
  final Process start(String... command) throws IOException {
    Path log = directory.resolve(processes.size() + "-" + command[0] + ".log");
    Process process =
        builder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    processes.add(process);
    return process;
  }

  private ProcessBuilder builder(String... command) {
    ProcessBuilder builder = new ProcessBuilder(release.words(command));
    builder.directory(directory.toFile());
    builder.environment().merge("PATH", directory + "/bin", (path, bin) -> bin + ":" + path);
    builder.environment().put("OVN_NB_DB", remote("nb"));
    builder.environment().put("OVN_SB_DB", remote("sb"));
    builder.environment().put("OVN_RUNDIR", directory.toString());
    builder.environment().put("OVS_RUNDIR", directory.toString());
    builder.environment().put("OVN_LOGDIR", directory.toString());
    builder.environment().put("OVS_LOGDIR", directory.toString());
    return builder;
  }

  /** Runs a command to its end and returns what it printed; fails if it fails. */
  public final String run(String... command) {
    Ran ran = tryRun(command);
    assertThat(ran.status).as("%s\n%s", String.join(" ", command), ran.output).isZero();
    return ran.output;
  }

  /** What a command printed, on both streams, and its exit status. */
  public record Ran(int status, String output) {}

  public final Ran tryRun(String... command) {
    try {
      Path output = Files.createTempFile(directory, "run", ".out");
      Process process = builder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " did not end");
      }
      String text = Files.readString(output);
      Files.delete(output);
      return new Ran(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits, with a bound, for what another process does. */
  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + LONGEST_SECONDS + " s in vain");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** Waits until northd has brought all of the northbound database to the southbound. */
  void sync() {
    run("ovn-nbctl", "--wait=sb", "sync");
  }

  /** Puts a cluster's pods on one switch, each with its port, in the place of all there was; beside them a port to the world. */
  void pods(Cluster cluster) throws IOException {
    ArrayNode transaction = JSON.arrayNode().add("OVN_Northbound");
    for (String table : List.of("Port_Group", "Address_Set", "Logical_Switch")) {
      ObjectNode delete = transaction.addObject().put("op", "delete").put("table", table);
      delete.putArray("where");
    }
    List<String> names = new ArrayList<>();
    int number = 0;
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        if (!workload.hostNetwork()) {
          String name = OvnOptions.DEFAULT.portOf(workload.namespace(), pod.name());
          StringBuilder addresses = new StringBuilder(mac(name, number));
          pod.addresses().forEach(address -> addresses.append(' ').append(address));
          names.add(port(transaction, "p" + number++, name, addresses.toString()));
        }
      }
    }
    // With its own address, too: else OVN learns where that is, and remembers it past this cluster.
    names.add(port(transaction, "p" + number, OUTSIDE, OUTSIDE_MAC, "unknown"));
    ObjectNode row = JSON.objectNode().put("name", SWITCH);
    ArrayNode ports = row.putArray("ports").add("set").addArray();
    names.forEach(name -> ports.addArray().add("named-uuid").add(name));
    transaction.addObject().put("op", "insert").put("table", "Logical_Switch").set("row", row);
    client.transact(transaction);
  }

  private static String port(
      ArrayNode transaction, String uuidName, String name, String... addresses) {
    ObjectNode row = JSON.objectNode().put("name", name);
    ArrayNode set = row.putArray("addresses").add("set").addArray();
    for (String each : addresses) {
      set.add(each);
    }
    transaction
        .addObject()
        .put("op", "insert")
        .put("table", "Logical_Switch_Port")
        .put("uuid-name", uuidName)
        .set("row", row);
    return uuidName;
  }

  /** The MAC of a port; the number in the order of the cluster's pods. */
  static String mac(String port, int number) {
    return String.format("0a:00:00:00:%02x:%02x", number >> 8, number & 255);
  }

  /** Does a transaction on the southbound database, and ends northd so that it stays done. */
  public void southbound(ArrayNode transaction) throws IOException {
    northd.destroy();
    await(() -> !northd.isAlive());
    try (OvsdbClient southbound =
        OvsdbClient.connect(Remote.parse(remote("sb")), Optional.empty())) {
      southbound.transact(transaction);
    }
  }

  /** Does a transaction on the northbound database. */
  void transact(ArrayNode transaction) throws IOException {
    client.transact(transaction);
  }

  /** The result of a query on the northbound database. */
  JsonNode query(String operations) throws IOException {
    return client.transact((ArrayNode) new ObjectMapper().readTree(operations));
  }

  /** The node's address family text that microflows use: {@code ip4} or {@code ip6}. */
  static String family(Address address) {
    return address.family() == Family.IPV4 ? "ip4" : "ip6";
  }

  @Override
  public void close() throws IOException {
    client.close();
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroy();
    }
    for (Process process : processes) {
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
