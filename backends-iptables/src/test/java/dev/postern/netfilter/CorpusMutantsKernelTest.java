package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.manifest.Manifests;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.PacketDifference;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rules that kube-router's own program made, each with one thing broken, in force in the real kernel: refuted exactly when a packet is treated
 * otherwise. They lie beside the project where they lie at all.
 */
class CorpusMutantsKernelTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus", "dataplanes");
  private static final int FIRST = Integer.getInteger("mutants.first", 0);
  private static final int EACH = Integer.getInteger("mutants.each", 1);
  private static final int PROBES = 400;

  /** What kube-router is known to do whatever policies say, and what policies say nothing of. */
  private static final List<Obligation> OPEN = List.of(
      Obligation.SELF_THROUGH_SERVICE,
      Obligation.ICMP,
      Obligation.OTHER_PROTOCOLS,
      Obligation.MULTICAST,
      Obligation.INFRASTRUCTURE,
      Obligation.NON_POD);

  private static RouterLab lab;

  private final Map<DumpMutants.Kind, Map<Proof.Verdict, Integer>> seen =
      new EnumMap<>(DumpMutants.Kind.class);
  private int confirmed;
  private int refused;

  @BeforeAll
  static void open() {
    assumeTrue(Files.isDirectory(CORPUS), "no recorded dataplanes are beside the project");
    Engines.require("iptables", "ipset", "nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void rulesOfIptablesAreRefutedExactlyWhenTheKernelLetsAPacketFareOtherwise() throws IOException {
    mutants("kube-router-iptables");
  }

  @Test
  void rulesOfNftablesAreRefutedExactlyWhenTheKernelLetsAPacketFareOtherwise() throws IOException {
    mutants("kube-router-nft");
  }

  private void mutants(String dataplane) throws IOException {
    try (Stream<Path> cases = Files.list(CORPUS.resolve(dataplane))) {
      for (Path folder : cases.filter(Files::isDirectory).sorted().toList()) {
        Cluster cluster = Manifests.load(folder.resolve("cluster.yaml")).cluster();
        for (int seed = FIRST; seed < FIRST + EACH; seed++) {
          Random random = new Random(seed);
          for (DumpMutants.Kind kind : DumpMutants.Kind.values()) {
            mutant(folder, cluster, kind, random, folder + ", seed " + seed);
          }
        }
      }
    }
    clear();
    System.out.println("mutants of " + dataplane + ", seeds from " + FIRST + ": " + seen + ", "
        + confirmed + " witnesses confirmed by the kernel, " + refused + " refused by it");
    assertThat(confirmed).isGreaterThan(8);
  }

  private void mutant(
      Path folder, Cluster cluster, DumpMutants.Kind kind, Random random, String where)
      throws IOException {
    String sets = read(folder, "ipset-save.txt");
    String rules = read(folder, "iptables-save.txt");
    String nft = read(folder, "ruleset.nft");
    boolean ofSets = kind == DumpMutants.Kind.MEMBER_LOST && nft.isEmpty();
    String before = ofSets ? sets : nft.isEmpty() ? rules : nft;
    Optional<String> broken = DumpMutants.of(before, kind, random);
    if (broken.isEmpty()) {
      return;
    }
    String changed = where + ", " + kind + ": " + changed(before, broken.get());
    clear();
    try {
      if (nft.isEmpty()) {
        lab.inRouterWithInput(ofSets ? broken.get() : sets, "ipset restore");
        lab.inRouterWithInput(ofSets ? rules : broken.get(), "iptables-restore");
      } else {
        lab.inRouterWithInput(broken.get(), "nft -f -");
      }
    } catch (IllegalStateException refusal) {
      refused++;
      return;
    }
    Plan plan = Plan.of(cluster);
    Contract contract = Contract.STRICT.only(Family.IPV4);
    for (Obligation open : OPEN) {
      contract = open.leftOpen(contract, cluster, Scope.CLUSTER, plan.options());
    }
    Proof proof = Prover.prove(plan, Scope.CLUSTER, printed(nft.isEmpty()), contract);
    seen.computeIfAbsent(kind, k -> new EnumMap<>(Proof.Verdict.class))
        .merge(proof.verdict(), 1, Integer::sum);
    if (proof.verdict() == Proof.Verdict.PROVED) {
      assertThat(differences(cluster, random)).as(changed).isEmpty();
    } else {
      assertThat(proof.verdict()).as(changed).isEqualTo(Proof.Verdict.DIFFERS);
      confirm(proof.difference().orElseThrow(), changed);
    }
  }

  /** The kernel does with the packet what the proof says that the rules do. */
  private void confirm(PacketDifference difference, String changed) {
    dev.postern.enforced.Packet packet = difference.packet();
    if (packet.state() != ConnectionState.NEW || !Set.of(6, 17, 132).contains(packet.protocol())) {
      return;
    }
    Packet sent = new Packet(
        packet.source(),
        packet.destination(),
        packet.protocol(),
        packet.sourcePort(),
        packet.destinationPort(),
        1);
    assertThat(carried(List.of(sent)).contains(1))
        .as("%s: %s", changed, packet)
        .isNotEqualTo(difference.shouldPass());
    confirmed++;
  }

  /** Packets that the kernel treats otherwise than the definition says; of what is left open none. */
  private static List<KernelVerdicts.Probe> differences(Cluster cluster, Random random) {
    List<KernelVerdicts.Probe> probes =
        KernelVerdicts.probes(cluster, Options.DEFAULT, random, PROBES).stream()
            .filter(probe -> probe.flow().protocol() != Protocol.OTHER
                && !probe.flow().source().equals(probe.flow().destination())
                && (probe.flow().source() instanceof End.InPod
                    || probe.flow().destination() instanceof End.InPod))
            .toList();
    Set<Integer> passed =
        carried(probes.stream().map(KernelVerdicts.Probe::packet).toList());
    return probes.stream()
        .filter(probe -> passed.contains(probe.packet().number()) != probe.allowed())
        .toList();
  }

  /** The numbers of those that come out. A packet may get lost on a busy machine; one that never passes was dropped. */
  private static Set<Integer> carried(List<Packet> packets) {
    Set<Integer> passed = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      List<Packet> again = new ArrayList<>(
          packets.stream().filter(packet -> !passed.contains(packet.number())).toList());
      again.add(KernelVerdicts.LAST);
      lab.forget();
      passed.addAll(lab.carry(again));
    }
    passed.removeIf(number -> packets.stream().noneMatch(packet -> packet.number() == number));
    return passed;
  }

  private static EnforcedRules printed(boolean iptables) {
    return iptables
        ? IptablesReader.read(
            new Dump("iptables-save", lab.inRouter("iptables-save")),
            new Dump("ip6tables-save", ""),
            new Dump("ipset save", lab.inRouter("ipset", "save")),
            AddressSet.EMPTY)
        : NftablesReader.read(lab.inRouter("nft", "list", "ruleset"));
  }

  private static void clear() {
    lab.inRouter(
        "sh",
        "-c",
        "nft flush ruleset; for i in $(seq 200); do ipset -q destroy && exit; sleep 0.01; done; exit 1");
  }

  private static String read(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static String changed(String before, String after) {
    List<String> old = new ArrayList<>(before.lines().toList());
    List<String> now = new ArrayList<>(after.lines().toList());
    List<String> common = List.copyOf(old);
    old.removeAll(now);
    now.removeAll(common);
    return old + " became " + now;
  }
}
