package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.aws.Aws;
import dev.postern.aws.reader.AwsDumps;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.net.Family;
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

/** The AWS agent's maps for random clusters, read back and proved; and broken ones, which no proof lets pass. */
class AwsProofTest {

  private static Cluster cluster(int seed) {
    return RandomCluster.of(
        seed,
        Profile.EVERYTHING
            .without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES)
            .only(Family.values()[seed % 2]));
  }

  /** Empty where the layout cannot say what the policies mean. */
  private static Optional<Map<String, String>> compiled(Plan plan, Scope scope) {
    try {
      return Optional.of(Aws.backend().compile(plan, scope).files());
    } catch (Refusal refusal) {
      return Optional.empty();
    }
  }

  private static Reading read(Map<String, String> files, Cluster cluster, Scope scope) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return new AwsDumps().read(Map.of("aws-dump", dumps), cluster, scope);
  }

  @Test
  void mapsAreProved() {
    int proved = 0;
    for (int seed = 0; seed < 150; seed++) {
      Cluster cluster = cluster(seed);
      Plan plan = Plan.of(cluster, Options.DEFAULT.withNodeTrafficPasses(seed % 4 != 0));
      Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
          ? Scope.node(cluster.nodes().get(0).name())
          : Scope.CLUSTER;
      Optional<Map<String, String>> files = compiled(plan, scope);
      if (files.isPresent()) {
        Reading reading = read(files.get(), cluster, scope);
        assertThat(reading.problems()).isEmpty();
        Proof proof = Prover.prove(plan, scope, reading.rules(), reading.contract());
        assertThat(proof.verdict()).as("seed %d: %s", seed, proof).isEqualTo(Proof.Verdict.PROVED);
        proved++;
      }
    }
    System.out.println(
        "aws: " + proved + " of 150 clusters written and proved, the others refused");
    assertThat(proved).isGreaterThan(140);
  }

  /** A mutant that is proved all the same must be one: then no flow tells it from the original. */
  @Test
  void everyMutantIsCaught() {
    Map<MapMutants.Kind, int[]> tally = new EnumMap<>(MapMutants.Kind.class);
    for (int seed = 0; seed < 80; seed++) {
      Random random = new Random(seed);
      Cluster cluster = cluster(seed);
      Plan plan = Plan.of(cluster);
      Optional<Map<String, String>> files = compiled(plan, Scope.CLUSTER);
      for (MapMutants.Kind kind : MapMutants.Kind.values()) {
        Optional<Map<String, String>> broken =
            files.flatMap(written -> MapMutants.of(written, kind, random));
        if (broken.isPresent()) {
          tally
              .computeIfAbsent(kind, key -> new int[3])[
              outcome(plan, read(broken.get(), cluster, Scope.CLUSTER), random)]++;
        }
      }
    }
    tally.forEach((kind, count) -> System.out.println("aws mutants, " + kind + ": " + count[0]
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
        .allMatch(AwsProofTest::isLeftOpen);
    return 2;
  }

  /** Whether a difference is about a pod's traffic to itself or about ICMPv6, which the contract leaves open. */
  private static boolean isLeftOpen(String difference) {
    int arrow = difference.indexOf(" -> ");
    return difference.startsWith(difference.substring(0, arrow) + " ", arrow + 4)
        || difference.contains(" other") && difference.contains(":: ")
        || difference.contains(" other") && difference.substring(0, arrow).contains(":");
  }
}
