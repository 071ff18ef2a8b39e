package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real connections between pods that are network namespaces, through the program that {@code apply.sh} attaches. */
class BpfTrafficTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.77.0.1, podIPs: [{ip: 10.77.0.1}, {ip: "fd77::1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.77.0.2, podIPs: [{ip: 10.77.0.2}, {ip: "fd77::2"}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress, Egress]
        ingress: [%s]
      """;

  private final String id = "pbpf" + ProcessHandle.current().pid();
  private final String router = id + "r";
  private final String web = id + "w";
  private final String db = id + "d";
  private final List<Process> servers = new ArrayList<>();

  @TempDir
  Path directory;

  @BeforeEach
  void twoPodsBehindARouter() throws IOException {
    Engines.require("bpftool", "clang", "tc", "ip", "ping", "socat");
    ip("netns add " + router);
    in(router, "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    pod(web, "w", 1);
    pod(db, "d", 2);
    serve("TCP4-LISTEN:5432,fork,reuseaddr", "SYSTEM:cat");
    serve("TCP4-LISTEN:5433,fork,reuseaddr", "SYSTEM:cat");
    serve("TCP6-LISTEN:5434,fork,reuseaddr", "SYSTEM:cat");
    serve("UDP4-LISTEN:53,fork,reuseaddr", "SYSTEM:cat");
    for (String address : List.of(
        "TCP4:10.77.0.2:5432", "TCP4:10.77.0.2:5433", "TCP6:[fd77::2]:5434", "UDP4:10.77.0.2:53")) {
      int tries = 0;
      while (!echo(web, address).equals("hello")) {
        assertThat(tries++).as("%s does not answer", address).isLessThan(100);
      }
    }
  }

  private void pod(String name, String letter, int number) throws IOException {
    ip("netns add " + name);
    ip("link add eth0 netns " + name + " type veth peer name " + letter + "0 netns " + router);
    in(name, "ip addr add 10.77.0." + number + "/32 dev eth0");
    in(name, "ip addr add fd77::" + number + "/128 dev eth0 nodad");
    in(name, "ip link set lo up");
    in(name, "ip link set eth0 up");
    in(router, "ip link set " + letter + "0 up");
    in(router, "ip addr add 169.254.1." + number + "/32 dev " + letter + "0");
    in(router, "ip -6 addr add fe80::" + number + number + "/64 dev " + letter + "0 nodad");
    in(router, "ip route add 10.77.0." + number + "/32 dev " + letter + "0");
    in(router, "ip -6 route add fd77::" + number + "/128 dev " + letter + "0");
    in(name, "ip route add 169.254.1." + number + " dev eth0");
    in(name, "ip route add default via 169.254.1." + number);
    in(name, "ip -6 route add default via fe80::" + number + number + " dev eth0");
  }

  private void serve(String... addresses) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", db, "socat"));
    command.addAll(List.of(addresses));
    servers.add(new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("server-" + servers.size()).toFile())
        .start());
  }

  @AfterEach
  void nothingStays() throws IOException {
    for (Process server : servers) {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly();
    }
    if (Files.exists(directory.resolve("remove.sh"))) {
      in(router, "sh " + directory.resolve("remove.sh"));
    }
    for (String name : List.of(web, db, router)) {
      run(List.of("ip", "netns", "del", name));
    }
  }

  @Test
  void whatThePolicyAllowsPassesAndNothingElse() throws Exception {
    assertThat(echo(web, "TCP4:10.77.0.2:5433")).as("before any policy").isEqualTo("hello");
    apply(
        "{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}, {port: 5434}, {port: 53, protocol: UDP}]}");
    assertThat(echo(web, "TCP4:10.77.0.2:5432,connect-timeout=1")).isEqualTo("hello");
    assertThat(echo(web, "TCP4:10.77.0.2:5433,connect-timeout=1")).isEmpty();
    assertThat(echo(web, "TCP6:[fd77::2]:5434,connect-timeout=1")).isEqualTo("hello");
    assertThat(echo(web, "UDP4:10.77.0.2:53")).isEqualTo("hello");
    assertThat(ping(web, "10.77.0.2")).isFalse();
    assertThat(ping(db, "10.77.0.1")).isFalse();
    // Without ports a rule is about ICMP too; answers to pings go back.
    apply("{from: [{podSelector: {matchLabels: {app: web}}}]}");
    assertThat(ping(web, "10.77.0.2")).isTrue();
    assertThat(ping(web, "fd77::2")).isTrue();
    assertThat(ping(db, "10.77.0.1")).isFalse();
  }

  @Test
  void removingThePolicyOpensItAgainAndLeavesNothingOnTheInterfaces() throws Exception {
    apply("");
    assertThat(echo(web, "TCP4:10.77.0.2:5432,connect-timeout=1")).isEmpty();
    in(router, "sh " + directory.resolve("remove.sh"));
    assertThat(echo(web, "TCP4:10.77.0.2:5432,connect-timeout=1")).isEqualTo("hello");
    assertThat(in(router, "tc filter show dev d0 egress")).doesNotContain("to_pod");
  }

  private void apply(String ingress) throws IOException, Refusal {
    Cluster cluster =
        Manifests.read(Source.text("traffic.yaml", CLUSTER.formatted(ingress))).cluster();
    Artifact artifact = Bpf.backend().compile(Plan.of(cluster), Scope.CLUSTER);
    for (var file : artifact.files().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    in(router, "sh " + directory.resolve("apply.sh") + " w0 d0");
  }

  /** What comes back of a greeting; nothing if no connection comes about in a second. */
  private String echo(String from, String address) throws IOException {
    List<String> command =
        List.of("ip", "netns", "exec", from, "socat", "-T1", "-t1", "-", address);
    Process client = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try (var out = client.getOutputStream()) {
      out.write("hello".getBytes(StandardCharsets.UTF_8));
    } catch (IOException refused) {
      return "";
    }
    String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    client.destroy();
    return answer;
  }

  private boolean ping(String from, String to) throws IOException {
    return run(List.of("ip", "netns", "exec", from, "ping", "-c1", "-W1", to)) == 0;
  }

  private void ip(String arguments) throws IOException {
    checked(List.of(("ip " + arguments).split(" ")));
  }

  private String in(String namespace, String command) throws IOException {
    // Not `ip netns exec`: that hides the BPF file system of the machine.
    List<String> words = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace));
    words.addAll(List.of(command.split(" ")));
    return checked(words);
  }

  private String checked(List<String> command) throws IOException {
    Path output = Files.createTempFile(directory, "out", "");
    int status = run(command, output);
    String text = Files.readString(output);
    assertThat(status).as("%s: %s", command, text).isZero();
    return text;
  }

  private int run(List<String> command) throws IOException {
    return run(command, directory.resolve("last"));
  }

  private int run(List<String> command, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("POSTERN_PIN", "/sys/fs/bpf/" + id);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
