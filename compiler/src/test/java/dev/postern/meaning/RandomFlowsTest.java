package dev.postern.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random clusters and flows are worth comparing on: every verdict, tier and exemption comes often enough to catch a mistake there. */
class RandomFlowsTest {

  @Test
  void everyVerdictTierAndExemptionComesOften() {
    Random random = new Random(1);
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = 0; seed < 400; seed++) {
      Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
      Reference reference = new Reference(cluster, Options.DEFAULT);
      for (Flow flow : RandomFlows.of(cluster, random, 50)) {
        Judgement judgement = reference.judge(flow);
        seen.merge("verdict " + judgement.verdict(), 1, Integer::sum);
        seen.merge("exemption " + judgement.exemption(), 1, Integer::sum);
        for (Decision side : List.of(judgement.egress(), judgement.ingress())) {
          side.tier().ifPresent(tier -> seen.merge(tier + " " + side.verdict(), 1, Integer::sum));
        }
      }
    }
    // Three verdicts, three exemptions, and three verdicts of each tier.
    assertThat(seen).hasSize(FlowVerdict.values().length + Judgement.Exemption.values().length + 9);
    assertThat(seen)
        .as("of 20,000 flows")
        .allSatisfy((what, count) -> assertThat(count).as(what).isGreaterThan(25));
  }
}
