package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.plan.Plan;
import dev.postern.testing.OvnPrograms;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A real OVN (ovsdb-server, northd, ovn-trace) does with packets what the policies mean. */
class OvnTraceAgreesTest {

  private static final int CLUSTERS = 60;
  private static final int FLOWS = 40;

  @Test
  void randomClustersOfEveryKindOfPolicyMeanTheSameInOvnWithoutTiers() throws IOException {
    agree(OvnPrograms.installed());
  }

  @Test
  void randomClustersOfEveryKindOfPolicyMeanTheSameInOvnWithTiers() throws IOException {
    agree(OvnPrograms.newer());
  }

  private static void agree(OvnPrograms release) throws IOException {
    Ovn backend = Ovn.backend(OvnOptions.DEFAULT.withVersion(OvnVersion.parse(release.version())))
        .skipping(PolicedPods.Unaddressed.SKIP);
    int verdicts = 0;
    int denials = 0;
    int refused = 0;
    try (OvnLab lab = new OvnLab(release)) {
      for (int seed = 0; seed < CLUSTERS; seed++) {
        Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
        Plan plan = Plan.of(cluster);
        Northbound rows;
        try {
          rows = backend.rows(plan, Scope.CLUSTER);
        } catch (Refusal refusal) {
          refused++;
          continue;
        }
        lab.pods(cluster);
        lab.northbound.apply(rows);
        lab.sync();
        Reference reference = new Reference(cluster, Options.DEFAULT);
        try (OvnTrace trace = new OvnTrace(lab, cluster)) {
          for (Flow flow : new Flows(cluster, plan, new Random(seed)).some(FLOWS)) {
            Judgement judgement = reference.judge(flow);
            boolean outside = trace.port(flow.source()).equals(trace.port(flow.destination()));
            if (judgement.exemption() == Judgement.Exemption.SAME_POD || outside) {
              continue;
            }
            assertThat(trace.arrives(flow))
                .as("cluster %d: %s %s", seed, flow, judgement)
                .withFailMessage(() -> describe(trace, flow, judgement))
                .isEqualTo(judgement.verdict() == FlowVerdict.ALLOWED);
            verdicts++;
            denials += judgement.verdict() == FlowVerdict.DENIED ? 1 : 0;
          }
        }
      }
    }
    System.out.println("ovn-trace " + release.version() + " agrees: " + verdicts + " verdicts, "
        + denials + " denials, " + refused + " of " + CLUSTERS + " clusters refused");
    assertThat(verdicts).isGreaterThan(1000);
    assertThat(denials).isGreaterThan(200);
  }

  private static String describe(OvnTrace trace, Flow flow, Judgement judgement) {
    try {
      return flow + " is " + judgement.verdict() + "\n" + trace.detailed(trace.microflow(flow));
    } catch (IOException e) {
      return flow + " is " + judgement.verdict() + ", and ovn-trace fails: " + e;
    }
  }
}
