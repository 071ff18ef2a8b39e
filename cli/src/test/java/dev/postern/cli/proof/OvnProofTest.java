package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods;
import dev.postern.meaning.Options;
import dev.postern.ovn.Ovn;
import dev.postern.ovn.OvnOptions;
import dev.postern.ovn.OvnVersion;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.NorthboundReader.NorthboundRules;
import dev.postern.ovn.read.PodPorts;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** ACLs of random clusters, read back and proved; and broken ones, which no proof lets pass. */
class OvnProofTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  /** Without tiers, and with them. */
  private static final List<Ovn> BACKENDS = List.of(
      Ovn.backend().skipping(PolicedPods.Unaddressed.SKIP),
      Ovn.backend(OvnOptions.DEFAULT.withVersion(OvnVersion.TIERS))
          .skipping(PolicedPods.Unaddressed.SKIP));

  @Property(tries = 600)
  void aclsAreProved(
      @ForAll long seed, @ForAll("options") Options options, @ForAll("backends") Ovn backend)
      throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, options);
    Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
        ? Scope.node(cluster.nodes().get(0).name())
        : Scope.CLUSTER;
    String transaction = backend.compile(plan, scope).file("transaction.json");
    NorthboundRules reading = read(transaction, cluster);
    assertThat(reading.problems()).isEmpty();
    Proof proof = Prover.prove(plan, scope, reading.rules(), Ovn.contract());
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  private static NorthboundRules read(String transaction, Cluster cluster) {
    return NorthboundReader.read(
        transaction, "transaction.json", PodPorts.of(cluster, OvnOptions.DEFAULT.portName()));
  }

  @Provide
  Arbitrary<Ovn> backends() {
    return Arbitraries.of(BACKENDS);
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }

  /** A mutant that is proved all the same must be one: then no flow tells it from the original. */
  @Test
  void everyMutantIsCaught() throws Refusal {
    Map<AclMutants.Kind, int[]> tally = new EnumMap<>(AclMutants.Kind.class);
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Cluster cluster = RandomCluster.of(seed, PROFILE);
      Plan plan = Plan.of(cluster);
      String transaction =
          BACKENDS.get(seed % 2).compile(plan, Scope.CLUSTER).file("transaction.json");
      for (AclMutants.Kind kind : AclMutants.Kind.values()) {
        Optional<String> broken = AclMutants.of(transaction, kind, random);
        if (broken.isPresent()) {
          tally
              .computeIfAbsent(kind, key -> new int[3])[
              outcome(plan, read(broken.get(), cluster), random)]++;
        }
      }
    }
    tally.forEach((kind, count) -> System.out.println("ovn mutants, " + kind + ": " + count[0]
        + " refuted, " + count[1] + " not even readable, " + count[2] + " without effect"));
    assertThat(tally).hasSize(AclMutants.Kind.values().length);
    tally.forEach(
        (kind, count) -> assertThat(count[0] + count[1]).as(kind.name()).isPositive());
  }

  /** Whether a difference is about a pod's traffic to itself, which the contract leaves open. */
  private static boolean isToItself(String difference) {
    int arrow = difference.indexOf(" -> ");
    return difference.startsWith(difference.substring(0, arrow) + " ", arrow + 4);
  }

  private static int outcome(Plan plan, NorthboundRules broken, Random random) {
    Proof proof = Prover.prove(plan, Scope.CLUSTER, broken.rules(), Ovn.contract());
    if (proof.verdict() != Proof.Verdict.PROVED) {
      return broken.problems().isEmpty() ? 0 : 1;
    }
    assertThat(new Sampled(plan).differences(broken.rules(), random, 400))
        .allMatch(OvnProofTest::isToItself);
    return 2;
  }
}
