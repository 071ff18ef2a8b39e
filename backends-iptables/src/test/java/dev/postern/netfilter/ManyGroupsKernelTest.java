package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules of many groups load, through both interfaces of the kernel, and mean what policies say. */
class ManyGroupsKernelTest {

  private static final Map<String, String> NFT =
      Map.of("IPTABLES", "iptables-nft", "IP6TABLES", "ip6tables-nft");
  private static final Map<String, String> LEGACY =
      Map.of("IPTABLES", "iptables-legacy", "IP6TABLES", "ip6tables-legacy");

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require(
        "iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy", "ipset");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void ofPodsSideBySideAndOfPodsWhoseAddressesAreFarApart() throws Refusal {
    for (Cluster cluster : List.of(ManyGroups.sideBySide(300), ManyGroups.farApart(90))) {
      for (Iptables backend : List.of(
          Iptables.backend().denying(Deny.REJECT),
          Iptables.backend().withoutMarks().denying(Deny.REJECT))) {
        Artifact artifact = backend.compile(Plan.of(cluster), Scope.CLUSTER);
        for (Map<String, String> tools : List.of(NFT, LEGACY)) {
          lab.apply(artifact.files(), "apply.sh", tools);
          assertThat(
                  new KernelVerdicts(lab).differences(cluster, Options.DEFAULT, new Random(1), 200))
              .as("%s, %s", backend, tools)
              .isEmpty();
          lab.apply(artifact.files(), "remove.sh", tools);
        }
      }
    }
  }
}
