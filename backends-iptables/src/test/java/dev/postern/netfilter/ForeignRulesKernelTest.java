package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Passage;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.net.Address;
import dev.postern.netfilter.node.NodeDumps;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random rules that Postern did not write, in force in a real kernel: what it passes is what the rules mean as they are read back. */
class ForeignRulesKernelTest {

  private static RouterLab lab;

  private int passed;
  private int dropped;

  @BeforeAll
  static void open() {
    Engines.require("iptables", "iptables-legacy", "ipset", "nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void ofIptables() {
    int loaded = 0;
    for (int seed = 0; seed < 30; seed++) {
      ForeignRules rules = new ForeignRules(new Random(seed));
      String tool = seed % 2 == 0 ? "iptables" : "iptables-legacy";
      lab.inRouterWithInput(rules.ipsets(), "ipset restore");
      String text = rules.iptables();
      if (takes(text, tool + "-restore")) {
        loaded++;
        EnforcedRules read =
            IptablesReader.read(lab.inRouter(tool + "-save"), "", lab.inRouter("ipset", "save"));
        assertThat(differences(read, observed(seed)))
            .as("rules %d:\n%s", seed, text)
            .isEmpty();
      }
      for (String table : List.of("mangle", "filter")) {
        lab.inRouterWithInput("*" + table + "\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", tool + "-restore");
      }
      // A list's members are in use until the list is gone, those of deleted rules until the kernel
      // comes to it.
      lab.inRouter(
          "sh",
          "-c",
          "for i in $(seq 200); do ipset -q destroy lists; ipset -q destroy && exit; done; exit 1");
    }
    enough();
    assertThat(loaded).isGreaterThan(20);
  }

  /** Whether the tool takes the rules: of some combinations only it knows that they don't go together. */
  private static boolean takes(String text, String command) {
    try {
      lab.inRouterWithInput(text, command);
      return true;
    } catch (IllegalStateException refused) {
      return false;
    }
  }

  @Test
  void ofNftables() {
    for (int seed = 0; seed < 30; seed++) {
      String text = new ForeignRules(new Random(seed)).nft();
      lab.inRouterWithInput(text, "nft -f -");
      Observed observed = observed(seed);
      for (String dump : List.of(
          lab.inRouter("nft", "list", "ruleset"), lab.inRouter("nft", "-j", "list", "ruleset"))) {
        assertThat(differences(NftablesReader.read(dump), observed))
            .as("rules %d:\n%s", seed, text)
            .isEmpty();
      }
      lab.inRouter("nft", "delete", "table", "inet", "foreign");
    }
    enough();
  }

  /** What iptables-nft, iptables-legacy and nftables hold at once is read as one. */
  @Test
  void ofAllPlanesTogether() {
    int seen = 0;
    for (int seed = 0; seed < 30; seed++) {
      lab.inRouterWithInput(new ForeignRules(new Random(seed)).ipsets(), "ipset restore");
      boolean loaded = takes(new ForeignRules(new Random(seed)).iptables(), "iptables-restore");
      boolean legacy =
          takes(FOREIGN.formatted(ForeignRules.port(seed % 6)), "iptables-legacy-restore");
      lab.inRouterWithInput(
          "table inet own { chain f { type filter hook forward priority -5; policy accept;\n ip daddr "
              + ForeignRules.address(seed % 8) + " drop\n }\n}\n",
          "nft -f -");
      if (loaded && legacy) {
        seen++;
        Map<String, List<Dump>> dumps = new HashMap<>();
        for (List<String> tool : List.of(
            List.of("iptables-save"),
            List.of("iptables-legacy-save"),
            List.of("nft", "-j", "list", "ruleset"),
            List.of("ipset", "save"))) {
          dumps.put(
              tool.get(0).equals("ipset") ? "ipset-save" : tool.get(0),
              List.of(new Dump(tool.get(0), lab.inRouter(tool.toArray(String[]::new)))));
        }
        Reading reading = new NodeDumps().read(dumps, Cluster.EMPTY, Scope.CLUSTER);
        assertThat(reading.problems()).isEmpty();
        assertThat(differences(reading.rules(), observed(seed)))
            .as("rules %d", seed)
            .isEmpty();
      }
      lab.inRouter("nft", "delete", "table", "inet", "own");
      for (String tool : List.of("iptables", "iptables-legacy")) {
        for (String table : List.of("mangle", "filter")) {
          lab.inRouterWithInput(
              "*" + table + "\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", tool + "-restore");
        }
      }
      lab.inRouter(
          "sh",
          "-c",
          "for i in $(seq 200); do ipset -q destroy lists; ipset -q destroy && exit; done; exit 1");
    }
    assertThat(seen).isGreaterThan(20);
    assertThat(passed).isGreaterThan(200);
    assertThat(dropped).isGreaterThan(200);
  }

  private static final String FOREIGN =
      "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -p udp -m udp --dport %s -j DROP\nCOMMIT\n";

  private void enough() {
    System.out.println(passed + " packets passed, " + dropped + " did not");
    assertThat(passed).isGreaterThan(500);
    assertThat(dropped).isGreaterThan(500);
  }

  /** Packets, and the numbers of those that came out. */
  private record Observed(List<Packet> packets, Set<Integer> out) {}

  private static Observed observed(int seed) {
    Random random = new Random(seed);
    List<Packet> packets = new ArrayList<>();
    for (int number = 1; number <= 80; number++) {
      int from = random.nextInt(8);
      packets.add(new Packet(
          Address.parse(ForeignRules.address(from)),
          Address.parse(ForeignRules.address(from + 1 + random.nextInt(7))),
          List.of(6, 6, 17, 17, 132, 1).get(random.nextInt(6)),
          1024 + number,
          ForeignRules.port(random.nextInt(6)),
          number));
    }
    Set<Integer> out = new HashSet<>();
    // A packet may get lost on a busy machine; one that never passes was dropped.
    for (int i = 0; i < 3; i++) {
      List<Packet> again = new ArrayList<>(
          packets.stream().filter(packet -> !out.contains(packet.number())).toList());
      again.add(KernelVerdicts.LAST);
      lab.forget();
      out.addAll(lab.carry(again));
    }
    return new Observed(packets, out);
  }

  private List<String> differences(EnforcedRules rules, Observed observed) {
    Interpreter interpreter = new Interpreter(rules);
    List<String> differences = new ArrayList<>();
    for (Packet packet : observed.packets) {
      Passage passage = interpreter.walk(seen(packet));
      boolean passes = observed.out.contains(packet.number());
      passed += passes ? 1 : 0;
      dropped += passes ? 0 : 1;
      if (passage.fate() != (passes ? Passage.Fate.ACCEPT : Passage.Fate.DROP)) {
        differences.add(
            packet + (passes ? " passes" : " is dropped") + ", but by the rules: " + passage);
      }
    }
    return differences;
  }

  /** The packet as the rules see it. */
  private static dev.postern.enforced.Packet seen(Packet packet) {
    boolean ports = dev.postern.enforced.Packet.hasPorts(packet.protocol());
    return new dev.postern.enforced.Packet(
        packet.source(),
        packet.destination(),
        packet.protocol(),
        ports ? packet.sourcePort() : 0,
        ports ? packet.port() : 0,
        packet.protocol() == 1 ? 8 : 0,
        "in0",
        "out0",
        ConnectionState.NEW,
        false,
        0);
  }
}
