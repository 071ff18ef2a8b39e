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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The AWS agent's maps for random clusters, read back and proved. */
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
}
