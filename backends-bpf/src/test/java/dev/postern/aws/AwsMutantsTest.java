package dev.postern.aws;

import dev.postern.aws.reader.AwsDumps;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.mapdump.MapMutants;
import dev.postern.mapdump.MutantTally;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Broken maps of the AWS agent's, looked up as its programs do: what they let pass against the policies is never proved. */
class AwsMutantsTest {

  private static final int CLUSTERS = Integer.getInteger("mutants.clusters", 50);
  private static final int PROBES = 150;
  private static final int[] WITHOUT_PORTS = {1, 47, 50, 89};

  @Test
  void noMutantThatChangesAVerdictIsProved() {
    MutantTally tally = new MutantTally("aws");
    for (int seed = MutantTally.FIRST; seed < MutantTally.FIRST + CLUSTERS; seed++) {
      int number = seed;
      Random random = new Random(seed);
      Cluster cluster =
          RandomCluster.of(seed, AwsAgreesTest.profile(Family.values()[Math.floorMod(seed, 2)]));
      Plan plan = Plan.of(cluster);
      SortedMap<String, String> files;
      try {
        files = Aws.backend().compile(plan, Scope.CLUSTER).files();
      } catch (Refusal refusal) {
        continue;
      }
      List<String> dumps =
          files.keySet().stream().filter(name -> name.endsWith("_map.json")).toList();
      List<Flow> flows = AwsAgreesTest.flows(plan, random, PROBES);
      for (MapMutants.Kind kind : MapMutants.Kind.values()) {
        Optional<SortedMap<String, String>> mutant = MapMutants.of(files, dumps, kind, random);
        mutant.ifPresent(broken -> tally.add(
            number,
            kind,
            plan,
            read(broken, cluster),
            difference(new AgentPrograms(broken), cluster, flows),
            MutantTally.changed(files, broken)));
      }
    }
    tally.check(2 * CLUSTERS);
  }

  private static Reading read(Map<String, String> files, Cluster cluster) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return new AwsDumps().read(Map.of("aws-dump", dumps), cluster, Scope.CLUSTER);
  }

  private static Optional<String> difference(
      AgentPrograms programs, Cluster cluster, List<Flow> flows) {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      Judgement judgement = reference.judge(flow);
      if (judgement.exemption() == Exemption.SAME_POD) {
        continue;
      }
      int protocol = flow.protocol().hasPorts()
          ? flow.protocol().number()
          : WITHOUT_PORTS[i % WITHOUT_PORTS.length];
      Address source = AwsAgreesTest.address(flow.source());
      Address destination = AwsAgreesTest.address(flow.destination());
      boolean passes =
          AwsAgreesTest.passes(programs, flow.source(), true, destination, protocol, flow.port())
              && AwsAgreesTest.passes(
                  programs, flow.destination(), false, source, protocol, flow.port());
      if (passes != (judgement.verdict() == FlowVerdict.ALLOWED)) {
        return Optional.of(flow + " as protocol " + protocol + " is " + judgement.verdict());
      }
    }
    return Optional.empty();
  }
}
