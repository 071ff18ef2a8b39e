package dev.postern.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Protocol;
import dev.postern.testing.Probes;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      Probes probes = Probes.of(cluster, random);
      List<End> ends = ends(cluster, probes);
      for (int i = 0; i < 50; i++) {
        Protocol protocol = Protocol.values()[random.nextInt(4)];
        int port = protocol.hasPorts() ? probes.port(random) : 0;
        Flow flow = new Flow(
            ends.get(random.nextInt(ends.size())),
            ends.get(random.nextInt(ends.size())),
            protocol,
            port);
        Judgement judgement = reference.judge(flow);
        seen.merge("verdict " + judgement.verdict(), 1, Integer::sum);
        seen.merge("exemption " + judgement.exemption(), 1, Integer::sum);
        for (Decision side : List.of(judgement.egress(), judgement.ingress())) {
          side.tier().ifPresent(tier -> seen.merge(tier + " " + side.verdict(), 1, Integer::sum));
        }
      }
    }
    // Three verdicts, three exemptions, and three verdicts of each tier.
    assertThat(seen).hasSize(Verdict.values().length + Judgement.Exemption.values().length + 9);
    assertThat(seen)
        .as("of 20,000 flows")
        .allSatisfy((what, count) -> assertThat(count).as(what).isGreaterThan(25));
  }

  private static List<End> ends(Cluster cluster, Probes probes) {
    List<End> ends = new ArrayList<>();
    for (Workload workload : cluster.workloads()) {
      if (workload.pods().isEmpty()) {
        ends.add(End.InPod.template(workload));
      }
      for (Pod pod : workload.pods()) {
        ends.add(
            new End.InPod(workload, Optional.of(pod), pod.addresses().stream().findFirst()));
      }
    }
    probes.outside(cluster).stream()
        .limit(4)
        .forEach(address -> ends.add(new End.Outside(address)));
    cluster
        .nodes()
        .forEach(node -> node.addresses().forEach(address -> ends.add(new End.Outside(address))));
    ends.add(new End.DomainName("example.com"));
    ends.add(new End.IngressController());
    return ends;
  }
}
