package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.openflow.reader.FlowReader;
import dev.postern.ovn.Flows;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Flows, read back by a reader that shares nothing with the writer, mean what the policies mean. */
class FlowsAgreeWithReferenceTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES);
  private static final AtomicLong VERDICTS = new AtomicLong();
  private static final AtomicLong DENIALS = new AtomicLong();

  @AfterContainer
  static void enough() {
    System.out.println(
        "flows against the reference: " + VERDICTS + " verdicts, " + DENIALS + " denials");
    assertThat(VERDICTS).hasValueGreaterThan(Tries.share(10_000));
    assertThat(DENIALS).hasValueGreaterThan(Tries.share(2_000));
  }

  @Property(tries = 300)
  void everyFlowOfEveryKindOfPolicy(@ForAll long seed) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster);
    String text = OpenFlow.backend().compile(plan, Scope.CLUSTER).file(OpenFlow.FLOWS);
    Interpreter interpreter = new Interpreter(
        FlowReader.read(text, OpenFlow.FLOWS, OpenFlow.FIRST_TABLE).rules());
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (Flow flow : new Flows(cluster, plan, new Random(seed)).some(60)) {
      boolean allowed = reference.judge(flow).verdict() == FlowVerdict.ALLOWED;
      Passage passage = interpreter.walk(Packet.opening(
          Flows.address(flow.source()),
          Flows.address(flow.destination()),
          flow.protocol(),
          flow.port()));
      assertThat(passage.fate())
          .as("%s: %s\n%s", flow, passage.hits(), text)
          .isEqualTo(allowed ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
      VERDICTS.incrementAndGet();
      DENIALS.addAndGet(allowed ? 0 : 1);
    }
  }
}
