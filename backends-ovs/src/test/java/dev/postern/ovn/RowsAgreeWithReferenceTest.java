package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.lowering.PolicedPods;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.NorthboundReader.NorthboundRules;
import dev.postern.ovn.read.PodPorts;
import dev.postern.plan.Plan;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** What is written, read back by a reader that shares nothing with the writer, means what the policies mean. */
class RowsAgreeWithReferenceTest {

  private static final AtomicLong VERDICTS = new AtomicLong();
  private static final AtomicLong DENIALS = new AtomicLong();
  private static final AtomicLong REFUSED = new AtomicLong();
  private static final AtomicLong CLUSTERS = new AtomicLong();

  @AfterContainer
  static void enough() {
    System.out.println("OVN rows against the reference: " + VERDICTS + " verdicts, " + DENIALS
        + " denials, " + REFUSED + " of " + CLUSTERS + " clusters refused");
    assertThat(VERDICTS).hasValueGreaterThan(Tries.share(20_000));
    assertThat(DENIALS).hasValueGreaterThan(Tries.share(5_000));
    assertThat(REFUSED.get()).isLessThan(CLUSTERS.get() / 2);
  }

  @Property(tries = 600)
  void everyFlowOfEveryKindOfPolicy(@ForAll long seed, @ForAll("options") Options options) {
    Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
    Random random = new Random(seed);
    CLUSTERS.incrementAndGet();
    Plan plan = Plan.of(cluster, options);
    String transaction;
    try {
      transaction = Ovn.backend(
              OvnOptions.DEFAULT.withVersion(seed % 2 == 0 ? OvnVersion.V23_03 : OvnVersion.TIERS))
          .skipping(PolicedPods.Unaddressed.SKIP)
          .compile(plan, Scope.CLUSTER)
          .file("transaction.json");
    } catch (Refusal refusal) {
      REFUSED.incrementAndGet();
      return;
    }
    NorthboundRules reading = NorthboundReader.read(
        transaction, "transaction.json", PodPorts.of(cluster, OvnOptions.DEFAULT.portName()));
    assertThat(reading.problems()).isEmpty();
    Interpreter interpreter = new Interpreter(reading.rules());
    Reference reference = new Reference(cluster, options);
    for (Flow flow : new Flows(cluster, plan, random).some(80)) {
      Judgement judgement = reference.judge(flow);
      if (judgement.exemption() == Judgement.Exemption.SAME_POD) {
        continue;
      }
      Packet packet = Packet.opening(
          Flows.address(flow.source()),
          Flows.address(flow.destination()),
          flow.protocol(),
          flow.port());
      Passage passage = interpreter.walk(packet);
      assertThat(passage.fate())
          .as("%s: %s\n%s\n%s", flow, judgement, passage.hits(), transaction)
          .isEqualTo(
              judgement.verdict() == FlowVerdict.ALLOWED ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
      VERDICTS.incrementAndGet();
      if (judgement.verdict() == FlowVerdict.DENIED) {
        DENIALS.incrementAndGet();
      }
    }
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }
}
