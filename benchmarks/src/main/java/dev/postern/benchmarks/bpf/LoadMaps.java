package dev.postern.benchmarks.bpf;

import dev.postern.aws.Aws;
import dev.postern.backend.Artifact;
import dev.postern.backend.Backend;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.bpf.Bpf;
import dev.postern.cilium.Cilium;
import dev.postern.cilium.CiliumVersion;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.lowering.PolicedPods.Unaddressed;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.testing.shape.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compiles shapes and fills maps of the running kernel: {@code LoadMaps [scale [all|node [targets [shape...]]]]}, as root. {@code node} polices
 * one of the hundred nodes that the shapes spread their pods over; {@code targets} are a list such as {@code bpf,cilium,aws}. For {@code bpf}
 * the program is run on first packets to policed pods, as often as its own time is measured over.
 */
public final class LoadMaps {

  private static final int CAPACITY = 1 << 20;
  /** Filling more maps by a process each would measure starting processes. */
  private static final int MOST_FILLED = 6_000;

  private static final int PACKETS = 60;
  private static final int REPEAT = 20_000;
  private static final int[] PORTS = {80, 443, 5432, 8080, 53, 9090};
  private static final Pattern RUN =
      Pattern.compile("Return value: (\\d+), duration \\(average\\): (\\d+)ns");
  private static final Pattern MEMORY = Pattern.compile("memlock (\\d+)B");

  private LoadMaps() {}

  public static void main(String... arguments) throws IOException, InterruptedException {
    double scale = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
    Scope scope =
        arguments.length > 1 && arguments[1].equals("all") ? Scope.CLUSTER : Scope.node("node-1");
    List<String> targets =
        List.of((arguments.length > 2 ? arguments[2] : "bpf,cilium,aws").split(","));
    List<Shape> shapes = arguments.length > 3
        ? Arrays.stream(arguments).skip(3).map(Shape::valueOf).toList()
        : List.of(
            Shape.W1_TENANT_TEMPLATE,
            Shape.W2_SMALL_NAMESPACES,
            Shape.W2_LARGE_NAMESPACES,
            Shape.W3_MICROSERVICES,
            Shape.W4_CIDR_EGRESS,
            Shape.W5_UNIQUE);
    System.out.println(
        "| shape | target | compile ms | maps | entries | fullest | MB of entries | MB in the kernel | fill s | ns passed | ns dropped |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    for (Shape shape : shapes) {
      Cluster cluster = shape.cluster(1, scale);
      for (String target : targets) {
        try {
          measure(shape, cluster, target, scope);
        } catch (Refusal refusal) {
          System.out.printf(
              "| %s | %s | refused: %s |%n",
              shape.name().toLowerCase(Locale.ROOT), target, refusal.reasons().get(0));
        }
      }
    }
  }

  private static Backend backend(String target) {
    return switch (target) {
      case "bpf" -> Bpf.backend();
      case "cilium" -> new Cilium(Unaddressed.SKIP, CiliumVersion.V1_19, Cilium.CAPACITY);
      case "cilium-large" -> new Cilium(Unaddressed.SKIP, CiliumVersion.V1_19, CAPACITY);
      case "aws" -> new Aws(Unaddressed.SKIP);
      default -> throw new IllegalArgumentException(target);
    };
  }

  private static void measure(Shape shape, Cluster cluster, String target, Scope scope)
      throws IOException, InterruptedException, Refusal {
    Plan plan = Plan.of(
        cluster,
        target.startsWith("cilium")
            ? Options.DEFAULT.withIpBlockMatchesPods(false)
            : Options.DEFAULT);
    long start = System.nanoTime();
    Artifact artifact = backend(target).compile(plan, scope);
    long compiled = System.nanoTime();
    long entries = 0;
    long fullest = 0;
    long bytes = 0;
    int maps = 0;
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      if (file.getKey().endsWith(".batch")) {
        long lines = file.getValue().lines().count();
        maps++;
        entries += lines;
        fullest = Math.max(fullest, lines);
        bytes += file.getValue().lines().mapToLong(LoadMaps::bytes).sum();
      }
    }
    if (maps > MOST_FILLED) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %d | %d | %d | %.1f | | not filled | | |%n",
          shape.name().toLowerCase(Locale.ROOT),
          target,
          (compiled - start) / 1_000_000,
          maps,
          entries,
          fullest,
          bytes / 1e6);
      return;
    }
    Path directory = Files.createTempDirectory("postern-bpf");
    Path pin = Path.of("/sys/fs/bpf/postern-load-" + ProcessHandle.current().pid());
    try {
      for (Map.Entry<String, String> file : artifact.files().entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
      long before = System.nanoTime();
      run(pin, "sh", directory.resolve("apply.sh").toString());
      double filled = (System.nanoTime() - before) / 1e9;
      String packets = target.equals("bpf") ? packets(cluster, scope, directory, pin) : "| |";
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %d | %d | %d | %.1f | %.1f | %.2f %s%n",
          shape.name().toLowerCase(Locale.ROOT),
          target,
          (compiled - start) / 1_000_000,
          maps,
          entries,
          fullest,
          bytes / 1e6,
          memory(pin, target) / 1e6,
          filled,
          packets);
    } finally {
      run(pin, "sh", directory.resolve("remove.sh").toString());
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** The bytes of key and value in a line for bpftool. */
  private static long bytes(String line) {
    String hex = line.substring(line.indexOf(" key hex ") + 9).replace(" value hex", "");
    return (hex.length() + 1L) / 3;
  }

  /** What the kernel charges for the maps that hold entries. */
  private static long memory(Path pin, String target) throws IOException, InterruptedException {
    long sum = 0;
    try (Stream<Path> pins = Files.list(pin)) {
      for (Path map : pins.filter(Files::isRegularFile).toList()) {
        if (!map.getFileName().toString().startsWith("at-")
            && (!target.equals("bpf") || !map.toString().contains("second-"))) {
          Matcher memory =
              MEMORY.matcher(run(pin, "bpftool", "map", "show", "pinned", map.toString()));
          sum += memory.find() ? Long.parseLong(memory.group(1)) : 0;
        }
      }
    }
    return sum;
  }

  /** Nanoseconds of the program for first packets between pods that pass, and that do not. */
  private static String packets(Cluster cluster, Scope scope, Path directory, Path pin)
      throws IOException, InterruptedException {
    List<Address> all = addresses(cluster, Scope.CLUSTER);
    List<Address> policed = addresses(cluster, scope);
    if (policed.isEmpty()) {
      return "| no pod on that node | |";
    }
    Random random = new Random(1);
    StringBuilder batch = new StringBuilder();
    for (int i = 0; i < PACKETS; i++) {
      Address to = policed.get(random.nextInt(policed.size()));
      Address from = i % 2 == 0
          ? all.get(random.nextInt(all.size()))
          : policed.get(random.nextInt(policed.size()));
      Path packet = Files.write(
          directory.resolve("packet-" + i),
          tcp(from, to, 20_000 + i, PORTS[random.nextInt(PORTS.length)]));
      batch
          .append("prog run pinned ")
          .append(pin)
          .append("/prog/to_pod data_in ")
          .append(packet)
          .append(" repeat ")
          .append(REPEAT)
          .append('\n');
    }
    Path lines = Files.writeString(directory.resolve("packets"), batch);
    Matcher runs = RUN.matcher(run(pin, "bpftool", "batch", "file", lines.toString()));
    long[] least = {Long.MAX_VALUE, Long.MAX_VALUE};
    long[] sum = new long[2];
    int[] count = new int[2];
    while (runs.find()) {
      int dropped = runs.group(1).equals("2") ? 1 : 0;
      long nanos = Long.parseLong(runs.group(2));
      least[dropped] = Math.min(least[dropped], nanos);
      sum[dropped] += nanos;
      count[dropped]++;
    }
    return "| " + figure(least[0], sum[0], count[0]) + " | " + figure(least[1], sum[1], count[1])
        + " |";
  }

  private static String figure(long least, long sum, int count) {
    return count == 0 ? "none" : least + " to " + sum / count + " (" + count + ")";
  }

  private static List<Address> addresses(Cluster cluster, Scope scope) {
    return cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .map(Workload::pods)
        .flatMap(List::stream)
        .filter(scope::contains)
        .flatMap(pod -> pod.addresses().stream())
        .filter(address -> address.family() == Family.IPV4)
        .toList();
  }

  private static byte[] tcp(Address from, Address to, int source, int destination) {
    byte[] packet = new byte[14 + 20 + 20];
    packet[12] = 8;
    packet[14] = 0x45;
    packet[17] = 40;
    packet[22] = 64;
    packet[23] = 6;
    System.arraycopy(from.bytes(), 0, packet, 26, 4);
    System.arraycopy(to.bytes(), 0, packet, 30, 4);
    packet[34] = (byte) (source >> 8);
    packet[35] = (byte) source;
    packet[36] = (byte) (destination >> 8);
    packet[37] = (byte) destination;
    packet[46] = 0x50;
    return packet;
  }

  private static String run(Path pin, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("POSTERN_PIN", pin.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + output);
    }
    return output;
  }
}
