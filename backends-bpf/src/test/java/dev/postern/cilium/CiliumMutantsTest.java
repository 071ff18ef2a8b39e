package dev.postern.cilium;

import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cilium.reader.CiliumDumps;
import dev.postern.cluster.Cluster;
import dev.postern.mapdump.MapMutants;
import dev.postern.mapdump.MutantTally;
import dev.postern.meaning.End;
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

/** Broken maps of Cilium's, looked up as its programs do: what they let pass against the policies is never proved. */
class CiliumMutantsTest {

  private static final int CLUSTERS = Integer.getInteger("mutants.clusters", 50);
  private static final int PROBES = 150;
  private static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);

  @Test
  void noMutantThatChangesAVerdictIsProved() throws Refusal {
    MutantTally tally = new MutantTally("cilium");
    for (int seed = MutantTally.FIRST; seed < MutantTally.FIRST + CLUSTERS; seed++) {
      int number = seed;
      Random random = new Random(seed);
      Cluster cluster = RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
      Plan plan = Plan.of(cluster, OPTIONS);
      CiliumVersion version = CiliumVersion.values()[Math.floorMod(seed, 4)];
      SortedMap<String, String> files =
          Cilium.backend().withVersion(version).compile(plan, Scope.CLUSTER).files();
      List<String> dumps = files.keySet().stream()
          .filter(name -> name.endsWith(".json") && !name.equals("identities.json"))
          .toList();
      List<Flow> flows = CiliumAgreesTest.flows(plan, random, PROBES);
      for (MapMutants.Kind kind : MapMutants.Kind.values()) {
        Optional<SortedMap<String, String>> mutant = MapMutants.of(files, dumps, kind, random);
        mutant.ifPresent(broken -> tally.add(
            number,
            kind,
            plan,
            read(broken, cluster),
            difference(new Datapath(broken, version), cluster, flows),
            MutantTally.changed(files, broken)));
      }
    }
    tally.check(2 * CLUSTERS);
  }

  private static Reading read(Map<String, String> files, Cluster cluster) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return new CiliumDumps().read(Map.of("cilium-dump", dumps), cluster, Scope.CLUSTER);
  }

  private static Optional<String> difference(Datapath datapath, Cluster cluster, List<Flow> flows) {
    Reference reference = new Reference(cluster, OPTIONS);
    for (Flow flow : flows) {
      Judgement judgement = reference.judge(flow);
      if (judgement.exemption() == Exemption.SAME_POD) {
        continue;
      }
      if (CiliumAgreesTest.passes(datapath, flow) != (judgement.verdict() == FlowVerdict.ALLOWED)) {
        return Optional.of(flow + " is " + judgement.verdict());
      }
      if (diverts(datapath, flow)) {
        return Optional.of(flow + " does not pass at once");
      }
    }
    return Optional.empty();
  }

  static boolean diverts(Datapath datapath, Flow flow) {
    return diverts(datapath, flow.source(), true, flow.destination(), flow)
        || diverts(datapath, flow.destination(), false, flow.source(), flow);
  }

  private static boolean diverts(Datapath datapath, End end, boolean egress, End other, Flow flow) {
    if (!(end instanceof End.InPod pod) || pod.workload().hostNetwork()) {
      return false;
    }
    Address peer = CiliumAgreesTest.address(other);
    boolean ipv4 = peer.family() == Family.IPV4;
    boolean ports = flow.protocol().hasPorts();
    return datapath.diverts(
        pod.workload().namespace() + "-" + pod.pod().orElseThrow().name(),
        egress,
        peer,
        ports ? flow.protocol().number() : ipv4 ? 1 : 58,
        ports ? flow.port() : ipv4 ? 8 : 128);
  }
}
