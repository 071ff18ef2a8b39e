package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.meaning.Options;
import dev.postern.openflow.OpenFlow;
import dev.postern.openflow.reader.FlowReader;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Flows of random clusters, read back and proved; and broken ones, which no proof lets pass. */
class OpenFlowProofTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  @Property(tries = 300)
  void flowsAreProved(@ForAll long seed, @ForAll("options") Options options) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, options);
    Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
        ? Scope.node(cluster.nodes().get(0).name())
        : Scope.CLUSTER;
    EnforcedRules rules = read(OpenFlow.backend().compile(plan, scope).file(OpenFlow.FLOWS));
    Proof proof = Prover.prove(plan, scope, rules, Contract.STRICT);
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  private static EnforcedRules read(String flows) {
    return FlowReader.read(flows, OpenFlow.FLOWS, OpenFlow.FIRST_TABLE).rules();
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }

  /** A flow that can be lost without effect must have none: then no packet tells the rest from the whole. */
  @Test
  void everyLostFlowIsMissed() throws Refusal {
    int refuted = 0;
    int without = 0;
    for (int seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      Plan plan = Plan.of(RandomCluster.of(seed, PROFILE));
      String flows = OpenFlow.backend().compile(plan, Scope.CLUSTER).file(OpenFlow.FLOWS);
      List<String> lines = new ArrayList<>(Arrays.asList(flows.split("\n")));
      // The first line deletes, the next are the way in, without which nothing is a pipeline.
      lines.remove(10 + random.nextInt(lines.size() - 12));
      EnforcedRules rules = read(String.join("\n", lines) + "\n");
      if (Prover.prove(plan, Scope.CLUSTER, rules, Contract.STRICT).verdict()
          == Proof.Verdict.PROVED) {
        assertThat(new Sampled(plan).differences(rules, random, 400)).isEmpty();
        without++;
      } else {
        refuted++;
      }
    }
    System.out.println("ovs flows lost: " + refuted + " missed, " + without + " without effect");
    assertThat(refuted).isGreaterThan(without);
  }
}
