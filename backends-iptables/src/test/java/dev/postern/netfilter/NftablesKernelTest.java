package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Engines;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NftablesKernelTest {

  static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void theKernelPassesExactlyWhatThePoliciesAllow() throws Refusal {
    KernelVerdicts verdicts = new KernelVerdicts(lab);
    for (int seed = 0; seed < 60; seed++) {
      Cluster cluster = RandomCluster.of(seed, PROFILE);
      Artifact artifact = Nftables.backend().compile(Plan.of(cluster), Scope.CLUSTER);
      lab.apply(artifact.files(), "apply.sh");
      assertThat(verdicts.differences(cluster, Options.DEFAULT, new Random(seed), 300))
          .as("cluster %d", seed)
          .isEmpty();
      for (String dump : List.of(
          lab.inRouter("nft", "list", "ruleset"), lab.inRouter("nft", "-j", "list", "ruleset"))) {
        Random random = new Random(seed);
        assertThat(new ReadBack(cluster, Options.DEFAULT, random)
                .differences(NftablesReader.read(dump), random, 60))
            .as("the dump of cluster %d", seed)
            .isEmpty();
      }
    }
    System.out.println("nftables: " + verdicts.compared() + " packets through the kernel, "
        + verdicts.denied() + " of them denied");
    assertThat(verdicts.compared()).isGreaterThan(5000);
    assertThat(verdicts.denied()).isGreaterThan(1000);
  }
}
