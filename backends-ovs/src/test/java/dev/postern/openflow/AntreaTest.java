package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Verdict;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Flows in the form that Antrea's documents give, on a real Open vSwitch: what is read of its dump is proved, its traces agree
 * with the policies, and Services' flows that go past the policies are found. No agent wrote these flows.
 */
class AntreaTest {

  private static final int CLUSTERS = Integer.getInteger("antrea.clusters", 2);
  private static final int PROBES = 40;

  private static Bridge bridge;
  private static final Set<Integer> ATTACHED = new HashSet<>();

  @BeforeAll
  static void open() throws IOException {
    Engines.require("ovs-vsctl", "ovs-ofctl");
    bridge = new Bridge();
  }

  @AfterAll
  static void close() throws IOException {
    if (bridge != null) {
      bridge.close();
    }
  }

  @Test
  void whatARealSwitchDumpsOfDocumentedFlowsIsProved() throws IOException {
    int nodes = 0;
    for (int seed = 0; nodes < CLUSTERS; seed++) {
      Optional<AntreaNode> node = AntreaNode.of(seed);
      if (node.isEmpty()) {
        continue;
      }
      nodes++;
      String dump =
          node.get().loaded(bridge, ATTACHED, node.get().layout().text()).orElseThrow();
      Proof proof = node.get().proof(dump);
      assertThat(proof.verdict())
          .as("cluster %d: %s\n%s", seed, proof.difference(), dump)
          .isEqualTo(Verdict.PROVED);
      assertThat(node.get().difference(bridge, new Random(seed), PROBES))
          .as("cluster %d", seed)
          .isEmpty();
    }
  }

  @Test
  void whatIsSentPastThePoliciesByAServiceIsFound() throws IOException {
    int found = 0;
    for (int seed = 0; found == 0 && seed < 60; seed++) {
      // Past the tables of egress: some pod has to be isolated there.
      Optional<AntreaNode> node = AntreaNode.of(seed)
          .filter(each -> each.layout().text().contains("table=15, priority=200"));
      if (node.isEmpty()) {
        continue;
      }
      String flows = node.get().layout().text();
      String past = flows.replaceAll("(?<=ct\\(commit,table=)13(?=,zone=65520,nat)", "17");
      assertThat(past).isNotEqualTo(flows);
      Proof proof = node.get().proof(node.get().loaded(bridge, ATTACHED, past).orElseThrow());
      if (proof.verdict() == Verdict.DIFFERS) {
        found++;
        assertThat(proof.difference().orElseThrow().passage().hits().toString())
            .contains("the tables of Services");
      }
    }
    assertThat(found).isPositive();
  }
}
