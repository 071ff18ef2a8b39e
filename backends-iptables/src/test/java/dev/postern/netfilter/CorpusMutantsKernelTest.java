package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.backend.Obligation;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.manifest.Manifests;
import dev.postern.meaning.End;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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
  private static RulesInForce inForce;

  private final Map<DumpMutants.Kind, Map<Proof.Verdict, Integer>> seen =
      new EnumMap<>(DumpMutants.Kind.class);
  private int refused;

  @BeforeAll
  static void open() {
    assumeTrue(Files.isDirectory(CORPUS), "no recorded dataplanes are beside the project");
    Engines.require("iptables", "ipset", "nft");
    lab = RouterLab.open();
    inForce = new RulesInForce(lab);
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void rulesOfIptablesAreRefutedExactlyWhenTheKernelTreatsAPacketOtherwise() throws IOException {
    mutants("kube-router-iptables");
  }

  @Test
  void rulesOfNftablesAreRefutedExactlyWhenTheKernelTreatsAPacketOtherwise() throws IOException {
    mutants("kube-router-nft");
  }

  private void mutants(String dataplane) throws IOException {
    int before = inForce.confirmed();
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
    inForce.clear();
    System.out.println("mutants of " + dataplane + ", seeds from " + FIRST + ": " + seen + ", "
        + inForce.confirmed() + " witnesses confirmed by the kernel, " + refused
        + " refused by it");
    assertThat(inForce.confirmed() - before).isGreaterThan(8);
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
    inForce.clear();
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
    Proof proof = Prover.prove(plan, Scope.CLUSTER, inForce.printed(!nft.isEmpty()), contract);
    seen.computeIfAbsent(kind, k -> new EnumMap<>(Proof.Verdict.class))
        .merge(proof.verdict(), 1, Integer::sum);
    if (proof.verdict() == Proof.Verdict.PROVED) {
      assertThat(inForce.differences(cluster, random, PROBES, CorpusMutantsKernelTest::isOfPods))
          .as(changed)
          .isEmpty();
    } else {
      assertThat(proof.verdict()).as(changed).isEqualTo(Proof.Verdict.DIFFERS);
      inForce.confirm(proof.difference().orElseThrow(), changed);
    }
  }

  private static boolean isOfPods(KernelVerdicts.Probe probe) {
    return probe.flow().source() instanceof End.InPod
        || probe.flow().destination() instanceof End.InPod;
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
