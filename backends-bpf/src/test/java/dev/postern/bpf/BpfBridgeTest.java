package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real packets of random clusters: every pod is a network namespace on a bridge, one more is everybody else, and the program is attached to the
 * pods' ports. What arrives is what the definition allows.
 */
class BpfBridgeTest {

  private static final int CLUSTERS = 3;
  private static final int FLOWS = 60;
  private static final int PCAP_HEADER = 24;

  private final String id = "pbb" + ProcessHandle.current().pid();
  private final List<String> namespaces = new ArrayList<>();
  private final List<Process> captures = new ArrayList<>();

  @TempDir
  private Path directory;

  @BeforeEach
  void needsTheKernel() {
    Engines.require("bpftool", "clang", "tc", "ip", "socat", "tcpdump", "nsenter");
  }

  @AfterEach
  void nothingStays() throws IOException {
    endCaptures();
    if (Files.exists(directory.resolve("remove.sh"))) {
      run(Map.of(), "sh", directory.resolve("remove.sh").toString());
    }
    removeNamespaces();
  }

  private void endCaptures() {
    captures.forEach(Process::destroyForcibly);
    captures.clear();
  }

  private void removeNamespaces() throws IOException {
    for (String namespace : namespaces) {
      run(Map.of(), "ip", "netns", "del", namespace);
    }
    namespaces.clear();
  }

  @Test
  void whatArrivesIsWhatTheDefinitionAllows() throws Exception {
    int arrived = 0;
    int compared = 0;
    long seed = Long.getLong("postern.seed", System.nanoTime());
    System.out.println("BPF bridge test: seed " + seed + " (-Dpostern.seed=)");
    for (int round = 0; round < CLUSTERS; round++) {
      Cluster cluster = RandomCluster.of(seed + round, BpfKernelTest.PROFILE);
      List<Flow> flows = BpfKernelTest.flows(cluster, new Random(seed + round), FLOWS);
      Reference reference = new Reference(cluster, Options.DEFAULT);
      // A pod's packets to itself do not leave its namespace.
      flows.removeIf(flow -> port(cluster, flow.source()) == port(cluster, flow.destination()));
      Set<Integer> passed = send(cluster, flows, 30_000 + FLOWS * round);
      for (int i = 0; i < flows.size(); i++) {
        boolean allowed = reference.judge(flows.get(i)).verdict() == FlowVerdict.ALLOWED;
        assertThat(passed.contains(i))
            .as("seed %d: %s", seed + round, flows.get(i))
            .isEqualTo(allowed);
        arrived += allowed ? 1 : 0;
        compared++;
      }
      endCaptures();
      removeNamespaces();
    }
    System.out.println("BPF bridge test: " + compared + " packets, " + arrived + " arrived");
    assertThat(compared).isPositive();
  }

  /** The pods' namespaces in order, from 1; 0 is everybody else. */
  private static List<Set<Address>> pods(Cluster cluster) {
    List<Set<Address>> pods = new ArrayList<>();
    cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .forEach(
            workload -> workload.pods().forEach(pod -> pods.add(new HashSet<>(pod.addresses()))));
    return pods;
  }

  private static int port(Cluster cluster, End end) {
    List<Set<Address>> pods = pods(cluster);
    for (int i = 0; i < pods.size(); i++) {
      if (pods.get(i).contains(Packets.address(end))) {
        return i + 1;
      }
    }
    return 0;
  }

  private static byte[] mac(int port) {
    return new byte[] {2, 0, 0, 0, (byte) (port >> 8), (byte) port};
  }

  private static byte[] framed(byte[] packet, int to, int from) {
    byte[] frame = packet.clone();
    System.arraycopy(to < 0 ? new byte[] {-1, -1, -1, -1, -1, -1} : mac(to), 0, frame, 0, 6);
    System.arraycopy(mac(from), 0, frame, 6, 6);
    return frame;
  }

  /** An ARP packet to everybody: it always passes, so that it tells where a port is, and when all before it have come. */
  private static byte[] arp(int from, int number) {
    ByteBuffer packet = ByteBuffer.allocate(60);
    packet.position(12);
    packet.putShort((short) 0x0806).putShort((short) 1).putShort((short) 0x0800);
    packet.put((byte) 6).put((byte) 4).putShort((short) 1).put(mac(from)).putInt(number);
    return framed(packet.array(), -1, from);
  }

  /** Sends the flows' first packets and tells which of them arrived. */
  private Set<Integer> send(Cluster cluster, List<Flow> flows, int firstPort) throws Exception {
    int ports = pods(cluster).size() + 1;
    String bridge = namespace("b");
    checked("nsenter", "--net=/run/netns/" + bridge, "ip", "link", "add", "br0", "type", "bridge");
    checked("nsenter", "--net=/run/netns/" + bridge, "ip", "link", "set", "br0", "up");
    List<String> policed = new ArrayList<>();
    for (int port = 0; port < ports; port++) {
      String name = namespace("p" + port);
      String mac = String.format("02:00:00:00:%02x:%02x", port >> 8, port & 255);
      checked(
          "ip",
          "link",
          "add",
          "eth0",
          "address",
          mac,
          "netns",
          name,
          "type",
          "veth",
          "peer",
          "name",
          "p" + port,
          "netns",
          bridge);
      checked("ip", "-n", name, "link", "set", "eth0", "up");
      checked("ip", "-n", bridge, "link", "set", "p" + port, "master", "br0", "up");
      if (port > 0) {
        policed.add("p" + port);
      }
    }
    apply(bridge, cluster, policed);
    for (int port = 0; port < ports; port++) {
      captures.add(capture(port));
    }
    List<List<byte[]>> frames = new ArrayList<>();
    for (int port = 0; port < ports; port++) {
      frames.add(new ArrayList<>(List.of(arp(port, 1))));
    }
    List<byte[]> sent = new ArrayList<>();
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      int from = port(cluster, flow.source());
      byte[] frame =
          framed(Packets.first(flow, firstPort + i), port(cluster, flow.destination()), from);
      sent.add(frame);
      frames.get(from).add(frame);
    }
    // Everyone's place is known before the first packet is sent.
    for (int port = 0; port < ports; port++) {
      send(port, frames.get(port).subList(0, 1));
    }
    for (int port = 0; port < ports; port++) {
      send(port, frames.get(port).subList(1, frames.get(port).size()));
    }
    byte[] fromOutside = arp(0, 2);
    byte[] fromPod = arp(1, 2);
    send(0, List.of(fromOutside));
    send(1, List.of(fromPod));
    Set<Integer> arrived = new HashSet<>();
    for (int port = 0; port < ports; port++) {
      byte[] end = port == 0 ? fromPod : fromOutside;
      Set<ByteBuffer> there = captured(captures.get(port), end);
      for (int i = 0; i < flows.size(); i++) {
        if (port(cluster, flows.get(i).destination()) == port
            && there.contains(ByteBuffer.wrap(sent.get(i)))) {
          arrived.add(i);
        }
      }
    }
    return arrived;
  }

  private void apply(String bridge, Cluster cluster, List<String> interfaces) throws Exception {
    Artifact artifact = Bpf.backend().compile(Plan.of(cluster), Scope.CLUSTER);
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    List<String> command = new ArrayList<>(List.of(
        "nsenter",
        "--net=/run/netns/" + bridge,
        "sh",
        directory.resolve("apply.sh").toString()));
    command.addAll(interfaces);
    checked(command.toArray(String[]::new));
  }

  private String namespace(String letter) throws IOException {
    String name = id + letter;
    checked("ip", "netns", "add", name);
    namespaces.add(name);
    // No neighbour discovery of the kernel's own; and bridges do not look at IP headers, whose
    // checksums
    // are left out here, where the module for that is loaded (-e: elsewhere there is no such key).
    checked(
        "nsenter",
        "--net=/run/netns/" + name,
        "sysctl",
        "-eqw",
        "net.ipv6.conf.default.disable_ipv6=1",
        "net.ipv6.conf.all.disable_ipv6=1",
        "net.bridge.bridge-nf-call-iptables=0",
        "net.bridge.bridge-nf-call-ip6tables=0");
    return name;
  }

  private void send(int port, List<byte[]> frames) throws IOException {
    if (frames.isEmpty()) {
      return;
    }
    Path here = Files.createTempDirectory(directory, "frames");
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < frames.size(); i++) {
      Path frame = Files.write(here.resolve(Integer.toString(i)), frames.get(i));
      script.append("socat -u FILE:").append(frame).append(" INTERFACE:eth0\n");
    }
    Path file = Files.writeString(here.resolve("send.sh"), script);
    checked("nsenter", "--net=/run/netns/" + id + "p" + port, "sh", "-e", file.toString());
  }

  private Process capture(int port) throws IOException {
    Path messages = directory.resolve(id + "-" + port + "-" + namespaces.size() + ".err");
    Process process = new ProcessBuilder(
            "nsenter",
            "--net=/run/netns/" + id + "p" + port,
            "tcpdump",
            "-i",
            "eth0",
            "-Q",
            "in",
            "--immediate-mode",
            "-U",
            "-w",
            "-")
        .redirectError(messages.toFile())
        .start();
    // The header comes once it listens.
    byte[] header = process.getInputStream().readNBytes(PCAP_HEADER);
    assertThat(header.length).as(Files.readString(messages)).isEqualTo(PCAP_HEADER);
    return process;
  }

  /** The frames that were captured up to one. */
  private static Set<ByteBuffer> captured(Process capture, byte[] end) throws IOException {
    Set<ByteBuffer> frames = new HashSet<>();
    DataInputStream in = new DataInputStream(capture.getInputStream());
    byte[] header = new byte[16];
    while (true) {
      in.readFully(header);
      byte[] frame =
          new byte[ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(8)];
      in.readFully(frame);
      if (Arrays.equals(frame, end)) {
        return frames;
      }
      frames.add(ByteBuffer.wrap(frame));
    }
  }

  private String checked(String... command) throws IOException {
    Map<String, String> output = new HashMap<>();
    int status = run(output, command);
    assertThat(status).as("%s: %s", List.of(command), output.get("text")).isZero();
    return output.getOrDefault("text", "");
  }

  private int run(Map<String, String> output, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("POSTERN_PIN", "/sys/fs/bpf/" + id);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (output instanceof HashMap) {
      output.put("text", text);
    }
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS))
          .as("%s ends", List.of(command))
          .isTrue();
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
