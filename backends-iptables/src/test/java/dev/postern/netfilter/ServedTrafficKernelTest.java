package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Backend;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.netfilter.KernelVerdicts.Probe;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What IPVS takes from a Service's address to a pod comes by the hook of output, from another's address: the kernel's verdict is the
 * definition's. What the node itself sends passes. The packets come from a raw socket, which hands them to the hook as IPVS does after it has
 * set their destination; IPVS itself is not asked.
 */
class ServedTrafficKernelTest {

  /** An address of the router itself, in no policy. */
  private static final Address OWN = Address.parse("203.0.113.77");

  private static RouterLab lab;
  private static Host host;

  private int sent;
  private int denied;

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ip6tables", "ipset", "nft");
    lab = RouterLab.open();
    host = lab.host();
  }

  @AfterAll
  static void close() throws IOException {
    if (host != null) {
      host.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void nftablesJudgesIt() throws Refusal {
    judged(Nftables.backend(), true);
  }

  @Test
  void nftablesJudgesItWithWhatTheNodeSends() throws Refusal {
    judged(Nftables.backend(), false);
  }

  @Test
  void iptablesJudgesIt() throws Refusal {
    judged(Iptables.backend(), true);
  }

  @Test
  void iptablesRefusesIt() throws Refusal {
    judged(Iptables.backend().denying(Deny.REJECT), true);
  }

  private void judged(Backend backend, boolean nodeTrafficPasses) throws Refusal {
    Options options = Options.DEFAULT.withNodeTrafficPasses(nodeTrafficPasses);
    lab.own(List.of(OWN));
    for (int seed = 0; seed < 8; seed++) {
      Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
      Map<String, String> files =
          backend.compile(Plan.of(cluster, options), Scope.CLUSTER).files();
      lab.apply(files, "apply.sh");
      List<Probe> probes = KernelVerdicts.probes(cluster, options, new Random(seed), 200);
      Set<Integer> passed = passed(probes.stream().map(Probe::packet).toList());
      for (Probe probe : probes) {
        sent++;
        denied += probe.allowed() ? 0 : 1;
        assertThat(passed.contains(probe.packet().number()))
            .as("cluster %d: %s passes", seed, probe.flow())
            .isEqualTo(probe.allowed());
      }
      if (nodeTrafficPasses) {
        ownPass(probes);
      }
      lab.apply(files, "remove.sh");
    }
    lab.disown(List.of(OWN));
    System.out.println(sent + " packets by the hook of output, " + denied + " denied");
    assertThat(denied).isGreaterThan(200);
    assertThat(lab.inRouter("iptables-save") + lab.inRouter("nft", "list", "ruleset"))
        .doesNotContainIgnoringCase("postern");
  }

  /** What the node sends to the same pods is nobody's to judge here. */
  private static void ownPass(List<Probe> probes) {
    List<Packet> own = probes.stream()
        .filter(probe -> !probe.allowed()
            && probe.packet().destination().family() == OWN.family()
            && probe.packet().protocol() == 17)
        .limit(5)
        .map(probe -> {
          Packet packet = probe.packet();
          return new Packet(
              OWN,
              packet.destination(),
              packet.protocol(),
              packet.sourcePort(),
              packet.port(),
              packet.number());
        })
        .toList();
    assertThat(passed(own)).containsAll(own.stream().map(Packet::number).toList());
  }

  /** The numbers of those that leave; a packet may get lost on a busy machine, one that never passes was dropped. */
  private static Set<Integer> passed(List<Packet> packets) {
    Set<Integer> passed = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      List<Packet> again = new ArrayList<>(packets);
      again.removeIf(packet -> passed.contains(packet.number()));
      lab.forget();
      host.send(again);
      passed.addAll(lab.carry(List.of(KernelVerdicts.LAST)));
    }
    return passed;
  }
}
