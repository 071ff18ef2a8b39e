package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.ovn.NorthboundDatabase;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.ovn.ovsdb.Remote;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real northbound database server of our own, on a unix socket, TCP and TLS. */
final class NorthboundServer implements AutoCloseable {

  private static final Pattern LISTENING = Pattern.compile("0:([0-9.]+): listening on port (\\d+)");
  private static final long LONGEST_SECONDS = 60;

  private final Path directory;
  private final Path log;
  private final Process server;

  /** {@code ca.pem} has signed {@code cert.pem}, which belongs to {@code key.pem}; {@code stranger.pem} has signed nothing. */
  final Path keys;

  NorthboundServer(Path directory) throws IOException {
    Engines.require("ovsdb-server", "ovsdb-tool", "openssl");
    this.directory = directory;
    this.keys = Files.createDirectories(directory.resolve("keys"));
    this.log = directory.resolve("server.log");
    makeKeys();
    run("ovsdb-tool", "create", "nb.db", "/usr/share/ovn/ovn-nb.ovsschema");
    server = new ProcessBuilder(
            "ovsdb-server",
            "-vconsole:info",
            "--remote=punix:" + directory.resolve("nb.sock"),
            "--remote=ptcp:0:127.0.0.1",
            "--remote=pssl:0:127.0.0.2",
            "--private-key=" + keys.resolve("key.pem"),
            "--certificate=" + keys.resolve("cert.pem"),
            "--ca-cert=" + keys.resolve("ca.pem"),
            "--unixctl=" + directory.resolve("nb.ctl"),
            "--pidfile=" + directory.resolve("nb.pid"),
            "nb.db")
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (ports().size() < 2 || !Files.exists(directory.resolve("nb.sock"))) {
      assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private void makeKeys() throws IOException {
    authority("ca");
    authority("stranger");
    String key = keys.resolve("key.pem").toString();
    String request = keys.resolve("request.pem").toString();
    run(
        "openssl",
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=ovn",
        "-keyout",
        key,
        "-out",
        request);
    run(
        "openssl",
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        keys.resolve("ca.pem").toString(),
        "-CAkey",
        keys.resolve("ca-key.pem").toString(),
        "-CAcreateserial",
        "-out",
        keys.resolve("cert.pem").toString());
  }

  private void authority(String name) throws IOException {
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-keyout",
        keys.resolve(name + "-key.pem").toString(),
        "-out",
        keys.resolve(name + ".pem").toString());
  }

  private void run(String... command) throws IOException {
    Path output = directory.resolve("run.log");
    Process process = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  /** The ports it listens on, by address. */
  private Map<String, String> ports() {
    try {
      Map<String, String> ports = new HashMap<>();
      Matcher matcher = LISTENING.matcher(Files.readString(log));
      while (matcher.find()) {
        ports.put(matcher.group(1), matcher.group(2));
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens, by {@code unix}, {@code tcp} or {@code ssl}. */
  String remote(String kind) {
    return switch (kind) {
      case "unix" -> "unix:" + directory.resolve("nb.sock");
      case "tcp" -> "tcp:127.0.0.1:" + ports().get("127.0.0.1");
      default -> "ssl:127.0.0.2:" + ports().get("127.0.0.2");
    };
  }

  /** A client on the unix socket. */
  OvsdbClient connect() throws IOException {
    return OvsdbClient.connect(Remote.parse(remote("unix")), Optional.empty());
  }

  /** Puts a cluster's pods on one switch, as OVN-Kubernetes names them. */
  void pods(Cluster cluster) throws IOException {
    ArrayNode transaction = JsonNodeFactory.instance.arrayNode().add("OVN_Northbound");
    ArrayNode ports = JsonNodeFactory.instance.arrayNode();
    int number = 0;
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        StringBuilder addresses = new StringBuilder(String.format("0a:00:00:00:00:%02x", number));
        pod.addresses().forEach(address -> addresses.append(' ').append(address));
        ObjectNode insert = transaction
            .addObject()
            .put("op", "insert")
            .put("table", "Logical_Switch_Port")
            .put("uuid-name", "p" + number);
        insert
            .putObject("row")
            .put("name", workload.namespace() + "_" + pod.name())
            .put("addresses", addresses.toString());
        ports.addArray().add("named-uuid").add("p" + number++);
      }
    }
    ObjectNode insert = transaction.addObject().put("op", "insert").put("table", "Logical_Switch");
    insert.putObject("row").put("name", "pods").putArray("ports").add("set").add(ports);
    try (OvsdbClient client = connect()) {
      client.transact(transaction);
    }
  }

  /** Does the operations of a transaction, given as JSON. */
  void transact(String operations) throws IOException {
    try (OvsdbClient client = connect()) {
      client.transact((ArrayNode) new ObjectMapper().readTree(operations));
    }
  }

  /** What {@code ovsdb-client dump} would print. */
  String dump() throws IOException {
    try (OvsdbClient client = connect()) {
      return new NorthboundDatabase(client).dump();
    }
  }

  @Override
  public void close() {
    server.destroy();
    try {
      if (!server.waitFor(5, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
