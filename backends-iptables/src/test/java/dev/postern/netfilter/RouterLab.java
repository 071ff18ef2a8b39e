package dev.postern.netfilter;

import dev.postern.net.Address;
import dev.postern.testing.Engines;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A node made of two network namespaces: a router that forwards whatever comes in on one veth pair out on another, and the world on the
 * other ends. Any address can be a source or destination, so one lab plays every cluster.
 */
public final class RouterLab implements AutoCloseable {

  private final Path directory;
  private final String router;
  private final String world;
  private final Process courier;
  private final BufferedWriter toCourier;
  private final BufferedReader fromCourier;

  private RouterLab() throws IOException {
    Engines.require("ip", "clang", "conntrack");
    directory = Files.createTempDirectory("postern-lab");
    String id = Long.toString(ProcessHandle.current().pid()) + "-" + System.nanoTime() % 100_000;
    router = "ptn-r-" + id;
    world = "ptn-w-" + id;
    run("ip", "netns", "add", router);
    run("ip", "netns", "add", world);
    shell("""
        set -e
        # put NAMESPACE VALUE SYSCTL...
        put() {
          n=$1; v=$2; shift 2
          for f in "$@"; do echo "echo $v > /proc/sys/net/$f"; done | ip netns exec $n sh -e
        }
        ip link add in0 netns R type veth peer name in1 netns W
        ip link add out0 netns R type veth peer name out1 netns W
        put R 0 ipv6/conf/in0/accept_dad ipv6/conf/out0/accept_dad
        put W 1 ipv6/conf/in1/disable_ipv6 ipv6/conf/out1/disable_ipv6
        for dev in in0 out0 lo; do ip -n R link set $dev up ; done
        for dev in in1 out1; do ip -n W link set $dev up ; done
        put R 1 ipv4/ip_forward ipv6/conf/all/forwarding
        put R 0 ipv4/icmp_ratelimit ipv6/icmp/ratelimit
        put R 1000000 ipv4/icmp_msgs_per_sec ipv4/icmp_msgs_burst
        for dev in all default in0 out0; do
          put R 0 ipv4/conf/$dev/rp_filter ipv4/conf/$dev/send_redirects
        done
        mac=$(ip netns exec W cat /sys/class/net/out1/address)
        ip -n R addr add 169.254.77.1/30 dev out0
        ip -n R neigh add 169.254.77.2 lladdr $mac dev out0
        ip -n R route add default via 169.254.77.2 dev out0
        ip -n R -6 addr add fe80::77:1/64 dev out0 nodad
        ip -n R -6 neigh add fe80::77:2 lladdr $mac dev out0
        ip -n R -6 route add default via fe80::77:2 dev out0
        """.replace(" R ", " " + router + " ")
        .replace(" W ", " " + world + " ")
        .replace(" R\n", " " + router + "\n")
        .replace(" W\n", " " + world + "\n"));
    String mac = inRouter("cat", "/sys/class/net/in0/address").trim();
    courier = start(world, compiled("courier"), "in1", "out1", mac);
    toCourier = courier.outputWriter(StandardCharsets.US_ASCII);
    fromCourier = courier.inputReader(StandardCharsets.US_ASCII);
  }

  private String compiled(String program) throws IOException {
    Path source = directory.resolve(program + ".c");
    try (InputStream c = RouterLab.class.getResourceAsStream(program + ".c")) {
      Files.write(source, c.readAllBytes());
    }
    Path binary = directory.resolve(program);
    run("clang", "-O1", "-o", binary.toString(), source.toString());
    return binary.toString();
  }

  private static Process start(String namespace, String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(List.of(command));
    return new ProcessBuilder(all)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The router's own processes, which send and get packets by the hooks of output and input. */
  Host host() {
    try {
      return new Host(start(router, compiled("host")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the router addresses of its own. */
  void own(Collection<Address> addresses) {
    addresses.forEach(address -> inRouter("ip", "addr", "add", address.toString(), "dev", "lo"));
  }

  /** Takes them away. */
  void disown(Collection<Address> addresses) {
    addresses.forEach(address -> inRouter("ip", "addr", "del", address.toString(), "dev", "lo"));
  }

  public static RouterLab open() {
    try {
      return new RouterLab();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends packets, whose numbers all differ, and returns the numbers of those that came out; the last must be one that does. */
  Set<Integer> carry(List<Packet> packets) {
    Set<Integer> passed = new HashSet<>();
    answers(packets).forEach((number, answer) -> {
      if (answer == Answer.PASSED) {
        passed.add(number);
      }
    });
    return passed;
  }

  /** What is seen of a packet that was sent. */
  enum Answer {
    PASSED,
    /** A TCP reset came back. */
    RESET,
    /** The ICMP message came back that it is administratively prohibited. */
    PROHIBITED
  }

  /** The same with the refusals that came back, by the packets' numbers. Resets are known by the source port, 1024 and the number. */
  Map<Integer, Answer> answers(List<Packet> packets) {
    try {
      for (Packet packet : packets) {
        toCourier.write(packet.hex());
        toCourier.newLine();
      }
      toCourier.write("?\n");
      toCourier.flush();
      String line = fromCourier.readLine();
      if (line == null) {
        throw new IOException("the courier ended");
      }
      Map<Integer, Answer> answers = new HashMap<>();
      for (String word : line.trim().split(" ")) {
        char kind = word.charAt(0);
        Answer answer =
            kind == 'r' ? Answer.RESET : kind == 'u' ? Answer.PROHIBITED : Answer.PASSED;
        answers.put(Integer.parseInt(answer == Answer.PASSED ? word : word.substring(1)), answer);
      }
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends one packet many times and returns the nanoseconds that each took, from sending until it came out or was dropped. */
  long cost(Packet packet, int times) {
    carry(List.of(packet));
    try {
      toCourier.write("!" + times + "\n");
      toCourier.flush();
      return Long.parseLong(fromCourier.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets all connections. */
  void forget() {
    shell("ip netns exec " + router + " conntrack -F 2>/dev/null");
  }

  /** Runs a command on the router. */
  public String inRouter(String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", router));
    all.addAll(List.of(command));
    return run(all.toArray(String[]::new));
  }

  /** Runs a command on the router that reads this text. */
  void inRouterWithInput(String text, String command) {
    try {
      Path input = Files.writeString(directory.resolve("input"), text);
      inRouter("sh", "-c", command + " < " + input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes an artefact's files and runs one of its scripts on the router. */
  public String apply(Map<String, String> files, String script) {
    return apply(files, script, Map.of());
  }

  /** The same with variables in the script's environment. */
  public String apply(Map<String, String> files, String script, Map<String, String> environment) {
    try {
      Path at = write(files);
      List<String> command = new ArrayList<>(List.of("env"));
      environment.forEach((name, value) -> command.add(name + "=" + value));
      command.addAll(List.of("sh", at.resolve(script).toString()));
      return inRouter(command.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path write(Map<String, String> files) throws IOException {
    Path at = Files.createDirectories(directory.resolve("artefact"));
    try (Stream<Path> old = Files.list(at)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(at.resolve(file.getKey()), file.getValue());
    }
    return at;
  }

  /**
   * Runs an artefact's apply.sh with tools that dump the kernel's rules after each call that may have changed them.
   *
   * @param nft whether to dump nftables; else iptables, ip6tables and ipset, parted by a line of equals signs
   */
  List<String> applyStepByStep(Map<String, String> files, boolean nft) {
    try {
      Path tools = Files.createDirectories(directory.resolve("tools"));
      Path states = Files.createDirectories(directory.resolve("states"));
      String dump = nft
          ? "nft list ruleset"
          : "{ iptables-save; echo =====; ip6tables-save; echo =====; ipset save; }";
      List<String> names =
          nft ? List.of("nft") : List.of("iptables-restore", "ip6tables-restore", "ipset");
      for (String name : names) {
        Path tool = tools.resolve(name);
        Files.writeString(
            tool,
            "#!/bin/sh\n/usr/sbin/" + name
                + " \"$@\" || exit $?\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n"
                // What only asks, and what asks in a network namespace of its own, changes nothing
                // here.
                + "case \"$*\" in list*|\"create postern \"*) exit 0 ;; esac\n"
                + dump + " > " + states + "/$(date +%s%N)\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      Path at = write(files);
      inRouter(
          "env",
          "PATH=" + tools + ":" + System.getenv("PATH"),
          "sh",
          at.resolve("apply.sh").toString());
      List<String> dumps = new ArrayList<>();
      try (Stream<Path> written = Files.list(states)) {
        for (Path state : written.sorted().toList()) {
          dumps.add(Files.readString(state));
          Files.delete(state);
        }
      }
      return dumps;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs an artefact's apply.sh with tools of which one call fails and does nothing. Returns whether it came to that call.
   *
   * @param call 0 for the first
   */
  boolean applyInterrupted(Map<String, String> files, int call) {
    try {
      Path tools = Files.createDirectories(directory.resolve("failing"));
      Path count = tools.resolve("count");
      Files.writeString(count, "");
      for (String name : List.of("nft", "ipset", "iptables-restore", "ip6tables-restore")) {
        Path tool = tools.resolve(name);
        Files.writeString(
            tool,
            "#!/bin/sh\n[ $(wc -c < " + count + ") -eq " + call + " ] && { printf x >> " + count
                + "; echo interrupted >&2; exit 9; }\nprintf x >> " + count
                + "\nexec /usr/sbin/" + name + " \"$@\"\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      Path at = write(files);
      inRouter(
          "sh",
          "-c",
          "PATH=" + tools + ":$PATH sh " + at.resolve("apply.sh") + " || [ $(wc -c < " + count
              + ") -gt " + call + " ]");
      return Files.size(count) > call;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a script with tools of which one call does its work and kills the script. Returns whether it came to that call.
   *
   * @param call 0 for the first
   */
  boolean applyKilled(Path script, int call) {
    try {
      Path tools = Files.createDirectories(directory.resolve("killing"));
      Path count = Files.writeString(tools.resolve("count"), "");
      for (String name : List.of("nft", "ipset", "iptables-restore", "ip6tables-restore")) {
        Path tool = tools.resolve(name);
        Files.writeString(
            tool,
            "#!/bin/sh\n/usr/sbin/" + name + " \"$@\"\nstatus=$?\nn=$(wc -c < " + count
                + ")\nprintf x >> " + count + "\n[ $n -ne " + call
                + " ] || kill -9 $PPID\nexit $status\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      inRouter(
          "sh",
          "-c",
          "PATH=" + tools + ":$PATH sh " + script + " || [ $(wc -c < " + count + ") -gt " + call
              + " ]");
      return Files.size(count) > call;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void shell(String script) {
    run("sh", "-c", script);
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ":\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    toCourier.close();
    try {
      if (!courier.waitFor(5, TimeUnit.SECONDS)) {
        courier.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    run("ip", "netns", "del", router);
    run("ip", "netns", "del", world);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
