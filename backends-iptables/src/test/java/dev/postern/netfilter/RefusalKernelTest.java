package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.meaning.Options;
import dev.postern.netfilter.RouterLab.Answer;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What policies deny is refused where that was asked for: a reset for TCP, "administratively prohibited" for all else, in both families. */
class RefusalKernelTest {

  /** OSPF and IPComp. */
  private static final Set<Integer> UNANSWERED = Set.of(89, 108);

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ip6tables", "iptables-legacy", "ipset", "nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void nftablesRefuses() throws Refusal {
    refuses(Nftables.backend().denying(Deny.REJECT), Map.of(), RefusalKernelTest::nft);
  }

  @Test
  void iptablesRefuses() throws Refusal {
    refuses(Iptables.backend().denying(Deny.REJECT), Map.of(), RefusalKernelTest::iptables);
  }

  @Test
  void iptablesRefusesWithoutMarksToFindGroups() throws Refusal {
    refuses(
        Iptables.backend().denying(Deny.REJECT).withoutMarks(),
        Map.of(),
        RefusalKernelTest::iptables);
  }

  private static EnforcedRules nft() {
    return NftablesReader.read(lab.inRouter("nft", "list", "ruleset"));
  }

  private static EnforcedRules iptables() {
    return IptablesReader.read(
        lab.inRouter("iptables-save"),
        lab.inRouter("ip6tables-save"),
        lab.inRouter("ipset", "save"));
  }

  private static void refuses(
      Incremental backend, Map<String, String> environment, Supplier<EnforcedRules> dump)
      throws Refusal {
    int resets = 0;
    int prohibited = 0;
    Artifact artifact =
        backend.compile(Plan.of(RandomCluster.of(0, NftablesKernelTest.PROFILE)), Scope.CLUSTER);
    for (int seed = 0; seed < 4; seed++) {
      Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
      artifact = backend.compile(Plan.of(cluster), Scope.CLUSTER);
      lab.apply(artifact.files(), "apply.sh", environment);
      Random random = new Random(seed);
      Map<Integer, Answer> missing = new HashMap<>();
      // Before it answers, the kernel checks a checksum over the packet, but for the protocols that
      // it
      // knows to have none; others are dropped without an answer.
      List<KernelVerdicts.Probe> probes =
          KernelVerdicts.probes(cluster, Options.DEFAULT, random, 200).stream()
              .filter(probe -> !UNANSWERED.contains(probe.packet().protocol()))
              .toList();
      probes.forEach(probe -> missing.put(probe.packet().number(), expected(probe)));
      // A packet may get lost on a busy machine, and so may an answer.
      for (int i = 0; i < 4 && !missing.isEmpty(); i++) {
        List<Packet> packets = new ArrayList<>();
        probes.stream()
            .filter(probe -> missing.containsKey(probe.packet().number()))
            .forEach(probe -> packets.add(probe.packet()));
        packets.add(KernelVerdicts.LAST);
        lab.forget();
        lab.answers(packets).forEach((number, answer) -> missing.remove(number, answer));
      }
      assertThat(probes.stream()
              .filter(probe -> missing.containsKey(probe.packet().number()))
              .limit(5)
              .map(probe -> probe + " should be " + expected(probe)))
          .as("cluster %d", seed)
          .isEmpty();
      for (KernelVerdicts.Probe probe : probes) {
        resets += expected(probe) == Answer.RESET ? 1 : 0;
        prohibited += expected(probe) == Answer.PROHIBITED ? 1 : 0;
      }
      assertThat(new ReadBack(cluster, Options.DEFAULT, random).differences(dump.get(), random, 60))
          .isEmpty();
    }
    lab.apply(artifact.files(), "remove.sh", environment);
    System.out.println(resets + " resets, " + prohibited + " times prohibited");
    assertThat(resets).isGreaterThan(10);
    assertThat(prohibited).isGreaterThan(25);
  }

  private static Answer expected(KernelVerdicts.Probe probe) {
    return probe.allowed()
        ? Answer.PASSED
        : probe.packet().protocol() == 6 ? Answer.RESET : Answer.PROHIBITED;
  }
}
