package dev.postern.benchmarks.traffic;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.plan.Plan;
import dev.postern.testing.shape.Shape;
import dev.postern.testing.text.ManifestText;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Traffic of a seeded cluster, as many flows as are asked for: each of 20,000 pairs of pods again and again, and a tenth of them with an address
 * outside that is new. The same seed gives the same bytes.
 */
public final class GeneratedFlows {

  private static final long SEED = 42;
  private static final int PAIRS = 20_000;
  /** Of how many flows one is with an address outside. */
  private static final int OUTSIDE = 10;

  private static final int[] PORTS = {80, 443, 5432, 6379, 8080, 9090};

  /** What a log looks like. */
  public enum Form {
    /** Columns with a header. */
    CSV,
    /** Cilium's Hubble, an object a line. */
    HUBBLE
  }

  private final Cluster cluster = Shape.W3_MICROSERVICES.cluster(SEED, 0.05);
  private final List<End.InPod> pods;

  /** Traffic of 5,000 pods with 500 policies. */
  public GeneratedFlows() {
    pods = Plan.of(cluster).classes().endpoints().stream()
        .filter(end -> end.address().isPresent() && end.pod().isPresent())
        .toList();
  }

  /** The cluster's manifests. */
  public String manifests() {
    return ManifestText.yaml(cluster);
  }

  /** Writes a log. */
  public void write(Form form, long count, OutputStream out) throws IOException {
    Random random = new Random(SEED);
    List<byte[]> rest = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      rest.add(rest(form, random).getBytes(StandardCharsets.UTF_8));
    }
    BufferedOutputStream bytes = new BufferedOutputStream(out, 1 << 16);
    if (form == Form.CSV) {
      bytes.write("first,source,source-port,destination,protocol,port,verdict,bytes\n"
          .getBytes(StandardCharsets.UTF_8));
    }
    for (long i = 0; i < count; i++) {
      boolean outside = i % OUTSIDE == 0;
      byte[] line = outside
          ? outside(form, random).getBytes(StandardCharsets.UTF_8)
          : rest.get(random.nextInt(PAIRS));
      bytes.write(moment(form, i).getBytes(StandardCharsets.UTF_8));
      bytes.write(line);
    }
    bytes.flush();
  }

  private static String moment(Form form, long number) {
    long second = 1_700_000_000L + number / 1000;
    return form == Form.CSV
        ? second + ","
        : "{\"flow\":{\"time\":\"" + java.time.Instant.ofEpochSecond(second) + "\",";
  }

  private End.InPod pod(Random random) {
    return pods.get(random.nextInt(pods.size()));
  }

  private String rest(Form form, Random random) {
    return line(form, end(form, pod(random)), end(form, pod(random)), random);
  }

  private String outside(Form form, Random random) {
    String address = (11 + random.nextInt(80)) + "." + random.nextInt(256) + "."
        + random.nextInt(256) + "." + random.nextInt(256);
    return line(form, new String[] {address, "\"identity\":2"}, end(form, pod(random)), random);
  }

  /** The address of an end, and what Hubble says of it. */
  private static String[] end(Form form, End.InPod pod) {
    String address = pod.address().orElseThrow().toString();
    return form == Form.CSV
        ? new String[] {address, ""}
        : new String[] {
          address,
          "\"identity\":" + Math.abs(pod.hashCode() % 60_000) + ",\"namespace\":\""
              + pod.workload().namespace() + "\",\"labels\":[\"k8s:app="
              + pod.workload().name()
              + "\",\"k8s:io.kubernetes.pod.namespace=" + pod.workload().namespace()
              + "\"],\"pod_name\":\"" + pod.pod().orElseThrow().name() + "\""
        };
  }

  private static String line(Form form, String[] from, String[] to, Random random) {
    int port = PORTS[random.nextInt(PORTS.length)];
    int client = 32_768 + random.nextInt(28_000);
    return form == Form.CSV
        ? from[0] + "," + client + "," + to[0] + ",tcp," + port + ",allow," + random.nextInt(9000)
            + "\n"
        : "\"verdict\":\"FORWARDED\",\"ethernet\":{\"source\":\"aa:bb:cc:dd:ee:01\",\"destination\":\"aa:bb:cc:dd:ee:02\"},\"IP\":{\"source\":\""
            + from[0] + "\",\"destination\":\"" + to[0]
            + "\",\"ipVersion\":\"IPv4\"},\"l4\":{\"TCP\":{\"source_port\":" + client
            + ",\"destination_port\":" + port
            + ",\"flags\":{\"SYN\":true}}},\"source\":{" + from[1] + "},\"destination\":{" + to[1]
            + "},\"Type\":\"L3_L4\",\"node_name\":\"node-7\",\"event_type\":{\"type\":4},\"traffic_direction\":\"INGRESS\",\"is_reply\":false,\"Summary\":\"TCP Flags: SYN\"},\"node_name\":\"node-7\"}\n";
  }

  /**
   * Writes manifests into a file and flows to standard output.
   *
   * @param arguments {@code <manifests> <csv|hubble> <count>}
   * @throws IOException if they cannot be written
   */
  public static void main(String... arguments) throws IOException {
    GeneratedFlows flows = new GeneratedFlows();
    Files.writeString(Path.of(arguments[0]), flows.manifests());
    flows.write(
        Form.valueOf(arguments[1].toUpperCase(java.util.Locale.ROOT)),
        Long.parseLong(arguments[2]),
        System.out);
  }
}
