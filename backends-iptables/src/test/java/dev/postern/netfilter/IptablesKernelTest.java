package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IptablesKernelTest {

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ip6tables", "iptables-legacy", "ipset");
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
    compare(Iptables.backend(), 0, 40);
  }

  @Test
  void alsoWithoutMarks() throws Refusal {
    compare(Iptables.backend().withoutMarks(), 1000, 20);
  }

  @Test
  void removeLeavesTheTablesAsTheyWere() throws Refusal {
    lab.inRouter("iptables", "-t", "mangle", "-A", "FORWARD", "-s", "192.0.2.1", "-j", "ACCEPT");
    lab.inRouter("ipset", "create", "others", "hash:ip");
    Artifact artifact = Iptables.backend()
        .compile(Plan.of(RandomCluster.of(1, NftablesKernelTest.PROFILE)), Scope.CLUSTER);
    lab.apply(artifact.files(), "remove.sh");
    String before = state();
    lab.apply(artifact.files(), "apply.sh");
    String applied = state();
    lab.apply(artifact.files(), "apply.sh");
    assertThat(state()).isEqualTo(applied).isNotEqualTo(before);
    lab.apply(artifact.files(), "remove.sh");
    assertThat(state()).isEqualTo(before);
    lab.apply(artifact.files(), "remove.sh");
    assertThat(state()).isEqualTo(before);
    lab.inRouter("iptables", "-t", "mangle", "-F", "FORWARD");
    lab.inRouter("ipset", "destroy", "others");
  }

  /** Rules and sets, without what changes by itself: counters, times, hash seeds. */
  private String state() {
    return (lab.inRouter("iptables-save")
            + lab.inRouter("ip6tables-save")
            + lab.inRouter("ipset", "list", "-n"))
        .lines()
        .filter(line -> !line.matches("([#*]|COMMIT|:[A-Z]+ ACCEPT).*"))
        // Sets of two artefacts in turn bear one of these.
        .map(line -> line.replaceAll("\\[[0-9]+:[0-9]+]", "").replaceAll("postern[_.]", "postern-"))
        .collect(Collectors.joining("\n"));
  }

  private void compare(Iptables backend, int from, int clusters) throws Refusal {
    KernelVerdicts verdicts = new KernelVerdicts(lab);
    for (int seed = from; seed < from + clusters; seed++) {
      Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
      Artifact artifact = backend.compile(Plan.of(cluster), Scope.CLUSTER);
      lab.apply(artifact.files(), "apply.sh");
      assertThat(verdicts.differences(cluster, Options.DEFAULT, new Random(seed), 300))
          .as("cluster %d", seed)
          .isEmpty();
      EnforcedRules dump = IptablesReader.read(
          lab.inRouter("iptables-save"),
          lab.inRouter("ip6tables-save"),
          lab.inRouter("ipset", "save"));
      Random random = new Random(seed);
      assertThat(new ReadBack(cluster, Options.DEFAULT, random).differences(dump, random, 60))
          .as("the dump of cluster %d", seed)
          .isEmpty();
    }
    System.out.println("iptables: " + verdicts.compared() + " packets through the kernel, "
        + verdicts.denied() + " of them denied");
    assertThat(verdicts.compared()).isGreaterThan(100 * clusters);
    assertThat(verdicts.denied()).isGreaterThan(10 * clusters);
  }
}
