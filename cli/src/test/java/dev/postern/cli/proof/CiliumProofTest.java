package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cilium.Cilium;
import dev.postern.cilium.CiliumVersion;
import dev.postern.cilium.reader.CiliumDumps;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Cilium's maps for random clusters, read back and proved; and broken ones, which no proof lets pass. */
class CiliumProofTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  private static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);

  @Property(tries = 300)
  void mapsAreProved(@ForAll long seed, @ForAll boolean nodeTrafficPasses) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, OPTIONS.withNodeTrafficPasses(nodeTrafficPasses));
    Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
        ? Scope.node(cluster.nodes().get(0).name())
        : Scope.CLUSTER;
    CiliumVersion version = CiliumVersion.values()[(int) Math.floorMod(seed, 4L)];
    Map<String, String> files =
        Cilium.backend().withVersion(version).compile(plan, scope).files();
    Reading reading = read(files, cluster, scope);
    assertThat(reading.problems()).isEmpty();
    Proof proof = Prover.prove(plan, scope, reading.rules(), reading.contract());
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  private static Reading read(Map<String, String> files, Cluster cluster, Scope scope) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return new CiliumDumps().read(Map.of("cilium-dump", dumps), cluster, scope);
  }

  /** A mutant that is proved all the same must be one: then no flow tells it from the original. */
  @Test
  void everyMutantIsCaught() throws Refusal {
    Map<MapMutants.Kind, int[]> tally = new EnumMap<>(MapMutants.Kind.class);
    for (int seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      Cluster cluster = RandomCluster.of(seed, PROFILE);
      Plan plan = Plan.of(cluster, OPTIONS);
      Map<String, String> files = Cilium.backend()
          .withVersion(CiliumVersion.values()[seed % 4])
          .compile(plan, Scope.CLUSTER)
          .files();
      for (MapMutants.Kind kind : MapMutants.Kind.values()) {
        Optional<Map<String, String>> broken = MapMutants.of(files, kind, random);
        if (broken.isPresent()) {
          tally
              .computeIfAbsent(kind, key -> new int[3])[
              outcome(plan, read(broken.get(), cluster, Scope.CLUSTER), random)]++;
        }
      }
    }
    tally.forEach((kind, count) -> System.out.println("cilium mutants, " + kind + ": " + count[0]
        + " refuted, " + count[1] + " not even readable, " + count[2] + " without effect"));
    assertThat(tally).hasSize(MapMutants.Kind.values().length);
    tally.forEach(
        (kind, count) -> assertThat(count[0] + count[1]).as(kind.name()).isPositive());
  }

  private static int outcome(Plan plan, Reading broken, Random random) {
    if (!broken.problems().isEmpty()) {
      return 1;
    }
    Proof proof = Prover.prove(plan, Scope.CLUSTER, broken.rules(), broken.contract());
    if (proof.verdict() != Proof.Verdict.PROVED) {
      return 0;
    }
    assertThat(new Sampled(plan).differences(broken.rules(), random, 400))
        .allMatch(CiliumProofTest::isToItself);
    return 2;
  }

  /** Whether a difference is about a pod's traffic to itself, which the contract leaves open. */
  private static boolean isToItself(String difference) {
    int arrow = difference.indexOf(" -> ");
    return difference.startsWith(difference.substring(0, arrow) + " ", arrow + 4);
  }
}
