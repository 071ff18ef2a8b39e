package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.meaning.Options;
import dev.postern.net.Protocol;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rules change while traffic flows: what both states allow always passes, what both deny never does, and connections that are open stay so,
 * in both directions.
 */
class LiveUpdateKernelTest {

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ip6tables", "ipset", "nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void nftablesReplacedAsAWholeAndByDeltas() throws Exception {
    Nftables nftables = Nftables.backend();
    update(nftables::compile, nftables::delta);
  }

  @Test
  void iptablesReplacedAsAWholeAndByDeltas() throws Exception {
    Iptables iptables = Iptables.backend();
    update(iptables::compile, iptables::delta);
  }

  private interface Whole {
    Artifact compile(Plan plan, Scope scope) throws Refusal;
  }

  private interface Delta {
    Artifact compile(Plan before, Plan after, Scope scope) throws Refusal;
  }

  private static void update(Whole whole, Delta delta) throws Exception {
    int always = 0;
    int never = 0;
    int rounds = 0;
    for (int seed = 3; seed < 7; seed++) {
      Cluster one = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
      Random random = new Random(seed);
      Cluster fewer = one.withPolicies(
          one.policies().stream().filter(p -> random.nextInt(3) > 0).toList());
      Cluster moved = Changes.some(Changes.some(Changes.some(fewer, random), random), random);
      Cluster back = Changes.some(moved.withPolicies(one.policies()), random);
      List<Plan> plans = List.of(Plan.of(one), Plan.of(fewer), Plan.of(moved), Plan.of(back));
      List<Artifact> steps = List.of(
          whole.compile(plans.get(1), Scope.CLUSTER),
          whole.compile(plans.get(0), Scope.CLUSTER),
          delta.compile(plans.get(0), plans.get(1), Scope.CLUSTER),
          delta.compile(plans.get(1), plans.get(2), Scope.CLUSTER),
          delta.compile(plans.get(2), plans.get(3), Scope.CLUSTER),
          delta.compile(plans.get(3), plans.get(0), Scope.CLUSTER));
      lab.apply(steps.get(1).files(), "apply.sh");
      lab.forget();
      List<KernelVerdicts.Probe> allowed = new ArrayList<>();
      List<KernelVerdicts.Probe> denied = new ArrayList<>();
      List<Between.Side> all = plans.stream().map(Between.Side::of).toList();
      for (KernelVerdicts.Probe probe : KernelVerdicts.probes(one, Options.DEFAULT, random, 400)) {
        long allowing = all.stream().filter(side -> allows(side, probe)).count();
        if (probe.flow().protocol() != Protocol.OTHER && allowing % all.size() == 0) {
          (allowing > 0 ? allowed : denied).add(probe);
        }
      }
      List<Packet> open = openConnections(allowed);
      int round = carryDuring(
          () -> {
            for (int i = 0; i < 3; i++) {
              for (Artifact step : steps) {
                lab.apply(step.files(), "apply.sh");
              }
            }
          },
          allowed,
          denied,
          open);
      always += allowed.size() * round;
      never += denied.size() * round;
      rounds += round;
      lab.apply(steps.get(0).files(), "remove.sh");
    }
    System.out.println(rounds + " rounds during 72 updates: " + always + " new connections passed, "
        + never + " did not");
    assertThat(always).isPositive();
    assertThat(never).isPositive();
  }

  @TempDir
  private Path home;

  @Test
  void nothingDeniedPassesWhileNftablesScriptsAreKilledAndOverlap() throws Exception {
    killAndOverlap(Nftables.backend());
  }

  @Test
  void nothingDeniedPassesWhileIptablesScriptsAreKilledAndOverlap() throws Exception {
    killAndOverlap(Iptables.backend());
  }

  /** While both states hold a packet back, none may pass, whichever of the scripts died or waited for the other. */
  private void killAndOverlap(Incremental target) throws Exception {
    Cluster one = RandomCluster.of(3, NftablesKernelTest.PROFILE);
    Random random = new Random(3);
    Cluster fewer = one.withPolicies(
        one.policies().stream().filter(p -> random.nextInt(3) > 0).toList());
    Map<String, String> whole = target.compile(Plan.of(one), Scope.CLUSTER).files();
    Map<String, String> less = target.compile(Plan.of(fewer), Scope.CLUSTER).files();
    String first = written("one", whole).toString();
    String second = written("fewer", less).toString();
    lab.apply(whole, "apply.sh");
    lab.forget();
    List<KernelVerdicts.Probe> allowed = new ArrayList<>();
    List<KernelVerdicts.Probe> denied = new ArrayList<>();
    List<Between.Side> all =
        Stream.of(one, fewer).map(Plan::of).map(Between.Side::of).toList();
    for (KernelVerdicts.Probe probe : KernelVerdicts.probes(one, Options.DEFAULT, random, 400)) {
      long allowing = all.stream().filter(side -> allows(side, probe)).count();
      if (probe.flow().protocol() != Protocol.OTHER && allowing % all.size() == 0) {
        (allowing > 0 ? allowed : denied).add(probe);
      }
    }
    assertThat(denied).isNotEmpty();
    int rounds = carryDuring(
        () -> {
          for (int call = 0; call < 6; call++) {
            lab.applyKilled(Path.of(second, "apply.sh"), call);
            lab.applyKilled(Path.of(first, "apply.sh"), call);
            lab.inRouter(
                "sh",
                "-c",
                "sh " + first + "/apply.sh & a=$!; sh " + second
                    + "/apply.sh & b=$!; wait $a && wait $b");
          }
        },
        allowed,
        denied,
        openConnections(allowed));
    System.out.println(rounds + " rounds of " + denied.size()
        + " denied packets while scripts were killed and overlapped");
    lab.apply(whole, "remove.sh");
  }

  private Path written(String name, Map<String, String> files) throws IOException {
    Path directory = Files.createDirectories(home.resolve(name));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    return directory;
  }

  /** What goes on while packets pass. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  /** Carries packets round after round until the work is done, and returns how many rounds that were. */
  private static int carryDuring(
      Work work,
      List<KernelVerdicts.Probe> allowed,
      List<KernelVerdicts.Probe> denied,
      List<Packet> open)
      throws Exception {
    FutureTask<Boolean> updates = new FutureTask<>(() -> {
      work.run();
      return true;
    });
    new Thread(updates, "updater").start();
    int round = 0;
    while (!updates.isDone() || round == 0) {
      round++;
      carry(allowed, denied, open, round);
    }
    assertThat(finished(updates)).isTrue();
    return round;
  }

  private static boolean allows(Between.Side side, KernelVerdicts.Probe probe) {
    return side.allows(
        probe.packet().source(),
        probe.packet().destination(),
        probe.flow().protocol(),
        probe.packet().port());
  }

  private static boolean finished(FutureTask<Boolean> updates) throws InterruptedException {
    try {
      return updates.get();
    } catch (ExecutionException e) {
      throw new AssertionError("an update failed", e.getCause());
    }
  }

  /** Opens connections that are answered, and returns a packet each way. */
  private static List<Packet> openConnections(List<KernelVerdicts.Probe> allowed) {
    List<Packet> both = new ArrayList<>();
    List<Packet> first = new ArrayList<>();
    for (KernelVerdicts.Probe probe : allowed) {
      Packet packet = probe.packet();
      if (packet.protocol() == 17
          && !packet.source().equals(packet.destination())
          && first.size() < 20) {
        first.add(packet);
        both.add(new Packet(
            packet.source(),
            packet.destination(),
            17,
            packet.sourcePort(),
            packet.port(),
            50_000 + packet.number()));
        both.add(new Packet(
            packet.destination(),
            packet.source(),
            17,
            packet.port(),
            packet.sourcePort(),
            60_000 + packet.number()));
      }
    }
    first.add(KernelVerdicts.LAST);
    lab.carry(first);
    List<Packet> answers = new ArrayList<>(both);
    answers.add(KernelVerdicts.LAST);
    assertThat(lab.carry(answers)).containsAll(both.stream().map(Packet::number).toList());
    return both;
  }

  private static void carry(
      List<KernelVerdicts.Probe> allowed,
      List<KernelVerdicts.Probe> denied,
      List<Packet> open,
      int round) {
    List<Packet> packets = new ArrayList<>(open);
    // Each round opens new connections.
    allowed.forEach(probe -> packets.add(moved(probe.packet(), round)));
    denied.forEach(probe -> packets.add(moved(probe.packet(), round)));
    packets.add(KernelVerdicts.LAST);
    Set<Integer> passed = lab.carry(packets);
    List<Packet> lost = new ArrayList<>(open);
    allowed.forEach(probe -> lost.add(probe.packet()));
    lost.removeIf(packet -> passed.contains(packet.number()));
    assertThat(lost)
        .as("open connections, and connections that both states allow, that did not pass")
        .isEmpty();
    passed.retainAll(denied.stream().map(probe -> probe.packet().number()).toList());
    assertThat(passed).as("connections that both states deny").isEmpty();
  }

  private static Packet moved(Packet packet, int round) {
    return new Packet(
        packet.source(),
        packet.destination(),
        packet.protocol(),
        2000 + (packet.sourcePort() + 401 * round) % 60_000,
        packet.port(),
        packet.number());
  }
}
