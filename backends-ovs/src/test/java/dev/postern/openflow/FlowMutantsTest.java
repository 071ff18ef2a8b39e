package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.openflow.reader.FlowReader;
import dev.postern.ovn.Flows;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Broken flows in a real Open vSwitch: where ofproto/trace shows that a connection is treated otherwise than the policies say, no proof says it does not. */
class FlowMutantsTest {

  private static final int CLUSTERS = Integer.getInteger("mutants.clusters", 12);
  private static final int FIRST = Integer.getInteger("mutants.first", 0);
  private static final int PROBES = 60;
  private static final String ENTRY = "add table=0,priority=7 actions=resubmit(,100)\n";
  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES);

  @Test
  void noMutantThatChangesAFateIsProved() throws Exception {
    Map<FlowMutants.Kind, int[]> tally = new EnumMap<>(FlowMutants.Kind.class);
    List<String> wrong = new ArrayList<>();
    try (Bridge bridge = new Bridge()) {
      for (int seed = FIRST; seed < FIRST + CLUSTERS; seed++) {
        Cluster cluster = RandomCluster.of(seed, PROFILE);
        Plan plan = Plan.of(cluster);
        String flows = OpenFlow.backend().compile(plan, Scope.CLUSTER).file(OpenFlow.FLOWS);
        Random random = new Random(seed);
        for (FlowMutants.Kind kind : FlowMutants.Kind.values()) {
          Optional<String> mutant = FlowMutants.of(flows, kind, random);
          if (mutant.isEmpty() || !bridge.replace(mutant.get() + ENTRY)) {
            continue;
          }
          String dump = bridge.dump();
          String where = kind + " of cluster " + seed;
          Proof.Verdict verdict = Prover.prove(
                  plan,
                  Scope.CLUSTER,
                  FlowReader.read(dump, "dump", OpenFlow.FIRST_TABLE).rules(),
                  Contract.STRICT)
              .verdict();
          tally.computeIfAbsent(kind, k -> new int[3])[verdict.ordinal()]++;
          if (verdict == Proof.Verdict.PROVED) {
            difference(bridge, cluster, plan, random)
                .ifPresent(flow -> wrong.add(where + ": " + flow + "\n" + dump));
          }
        }
      }
    }
    tally.forEach(
        (kind, count) -> System.out.println("ovs mutants, seeds from " + FIRST + ", " + kind
            + ": " + count[Proof.Verdict.DIFFERS.ordinal()] + " refuted, "
            + count[Proof.Verdict.UNKNOWN.ordinal()] + " unknown, "
            + count[Proof.Verdict.PROVED.ordinal()] + " without effect"));
    assertThat(wrong).isEmpty();
    assertThat(tally).hasSize(FlowMutants.Kind.values().length);
  }

  /** A connection that is treated otherwise in the real engine than by the policies. */
  private static Optional<Flow> difference(Bridge bridge, Cluster cluster, Plan plan, Random random)
      throws Exception {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (Flow flow : new Flows(cluster, plan, random).some(PROBES)) {
      boolean allowed = reference.judge(flow).verdict() == FlowVerdict.ALLOWED;
      Bridge.Microflow packet = new Bridge.Microflow(
          Flows.address(flow.source()),
          Flows.address(flow.destination()),
          flow.protocol(),
          flow.port());
      if (bridge.connects(packet) != allowed) {
        return Optional.of(flow);
      }
    }
    return Optional.empty();
  }
}
