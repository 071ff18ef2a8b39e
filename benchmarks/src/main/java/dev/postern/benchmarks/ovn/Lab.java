package dev.postern.benchmarks.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.ovn.ovsdb.Remote;
import dev.postern.testing.OvnPrograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An OVN on sockets of its own: database servers, northd, and one hypervisor with a dummy datapath. It ends what it started. */
final class Lab implements AutoCloseable {

  private static final Pattern ACL = Pattern.compile("priority=20(0[0-9]|1[0-5])\\b");
  private static final long LONGEST_SECONDS = 900;

  private final OvnPrograms programs;
  private final Path directory = Files.createTempDirectory("postern-ovn");
  private final List<Process> processes = new ArrayList<>();

  /**
   * Starts it.
   *
   * @param northd whether anybody acts on what is in the northbound database
   */
  Lab(OvnPrograms programs, boolean northd) throws IOException {
    this.programs = programs;
    database("nb", programs.schema("ovn-nb"));
    database("sb", programs.schema("ovn-sb"));
    database("conf", programs.schema("vswitch"));
    if (northd) {
      start(
          "ovn-northd",
          "--ovnnb-db=" + remote("nb"),
          "--ovnsb-db=" + remote("sb"),
          "--unixctl=" + directory.resolve("northd.ctl"));
    }
  }

  private void database(String name, String schema) throws IOException {
    run("ovsdb-tool", "create", name + ".db", schema);
    start(
        "ovsdb-server",
        "--remote=p" + remote(name),
        "--unixctl=" + directory.resolve(name + ".ctl"),
        "--pidfile=" + directory.resolve(name + ".pid"),
        name + ".db");
    await(() -> Files.exists(directory.resolve(name + ".sock")));
  }

  String remote(String name) {
    return "unix:" + directory.resolve(name + ".sock");
  }

  OvsdbClient connect(String name) throws IOException {
    return OvsdbClient.connect(Remote.parse(remote(name)), Optional.empty());
  }

  /** Starts the hypervisor, with these logical ports on it. */
  void plug(Collection<String> ports) {
    run("ovs-vsctl", "--db=" + remote("conf"), "--no-wait", "init");
    start(
        "ovs-vswitchd",
        "--enable-dummy=override",
        "--disable-system",
        "--unixctl=" + directory.resolve("switchd.ctl"),
        "--pidfile=" + directory.resolve("switchd.pid"),
        remote("conf"));
    List<String> command = new ArrayList<>(List.of(
        "ovs-vsctl",
        "--db=" + remote("conf"),
        "set",
        "Open_vSwitch",
        ".",
        "external_ids:system-id=chassis",
        "external_ids:ovn-remote=" + remote("sb"),
        "external_ids:ovn-encap-type=geneve",
        "external_ids:ovn-encap-ip=127.0.0.1",
        "--",
        "add-br",
        "br-int",
        "--",
        "set",
        "bridge",
        "br-int",
        "datapath_type=dummy",
        "fail-mode=secure"));
    int number = 0;
    for (String port : ports) {
      String name = "p" + number++;
      command.addAll(List.of("--", "add-port", "br-int", name, "--", "set", "Interface", name));
      command.add("external_ids:iface-id=" + port);
    }
    run(command.toArray(String[]::new));
    start("ovn-controller", "--pidfile=" + directory.resolve("ctl.pid"), remote("conf"));
    await(() -> !run("ovn-sbctl", "--db=" + remote("sb"), "--columns=name", "list", "Chassis")
        .isBlank());
  }

  /** Waits until the southbound database, or the hypervisor, has all of the northbound. */
  void sync(boolean hypervisor) {
    String how = hypervisor ? "--wait=hv" : "--wait=sb";
    run("ovn-nbctl", "--db=" + remote("nb"), how, "sync");
  }

  /** How many flows of ACLs of ours the hypervisor has; northd puts their priorities 1000 higher. */
  long openFlows() {
    String flows = run(
        "ovs-ofctl",
        "-O",
        "OpenFlow15",
        "--no-stats",
        "dump-flows",
        "unix:" + directory.resolve("br-int.mgmt"));
    return flows.lines().filter(line -> ACL.matcher(line).find()).count();
  }

  /** How many logical flows of ACLs of ours there are. */
  long logicalFlows() throws IOException {
    try (OvsdbClient client = connect("sb")) {
      ArrayNode transaction = JsonNodeFactory.instance.arrayNode().add("OVN_Southbound");
      ObjectNode select = transaction.addObject().put("op", "select").put("table", "Logical_Flow");
      select.putArray("where");
      select.putArray("columns").add("_uuid").add("priority");
      long count = 0;
      for (JsonNode row : client.transact(transaction).path(0).path("rows")) {
        int priority = row.path("priority").asInt();
        count += priority >= 2000 && priority <= 2015 ? 1 : 0;
      }
      return count;
    }
  }

  private ProcessBuilder builder(String... command) {
    ProcessBuilder builder = new ProcessBuilder(programs.words(command));
    builder.environment().put("OVN_RUNDIR", directory.toString());
    builder.environment().put("OVS_RUNDIR", directory.toString());
    return builder.directory(directory.toFile()).redirectErrorStream(true);
  }

  private void start(String... command) {
    try {
      processes.add(
          builder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String run(String... command) {
    try {
      Path output = Files.createTempFile(directory, "run", ".out");
      Process process = builder(command).redirectOutput(output.toFile()).start();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command[0] + " did not end");
      }
      if (process.exitValue() != 0) {
        throw new IOException(command[0] + ": " + Files.readString(output));
      }
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Override
  public void close() throws IOException {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroy();
    }
    try {
      for (Process process : processes) {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
