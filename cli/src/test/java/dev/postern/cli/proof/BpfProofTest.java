package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.bpf.Bpf;
import dev.postern.bpf.reader.BpfDumps;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Tries of random clusters, read back and proved. */
class BpfProofTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  @Property(tries = 400)
  void triesAreProved(@ForAll long seed, @ForAll("options") Options options) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, options);
    Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
        ? Scope.node(cluster.nodes().get(0).name())
        : Scope.CLUSTER;
    Artifact artifact = Bpf.backend().compile(plan, scope);
    Reading reading = read(artifact.file("identities.json"), artifact.file("policy.json"), cluster);
    assertThat(reading.problems()).isEmpty();
    Proof proof = Prover.prove(plan, scope, reading.rules(), reading.contract());
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }

  @Test
  void mapsOfAnotherVersionOfTheLayoutAreUnknown() throws Refusal {
    Cluster cluster = RandomCluster.of(3, PROFILE);
    Plan plan = Plan.of(cluster);
    Artifact artifact = Bpf.backend().compile(plan, Scope.CLUSTER);
    String identities = artifact.file("identities.json");
    String policy = artifact.file("policy.json");
    assertThat(verdict(plan, identities, policy)).isEqualTo(Proof.Verdict.PROVED);
    // The first entry says the version, in the first byte of its value.
    String newer = identities.replaceFirst("\"value\":\\[\"0x01\"", "\"value\":[\"0x02\"");
    String none = policy.replaceFirst("\\{[^}]*\\},\n", "");
    assertThat(newer).isNotEqualTo(identities);
    assertThat(none).isNotEqualTo(policy);
    assertThat(verdict(plan, newer, policy)).isEqualTo(Proof.Verdict.UNKNOWN);
    assertThat(verdict(plan, identities, none)).isEqualTo(Proof.Verdict.UNKNOWN);
    assertThat(read(newer, none, cluster).warnings())
        .hasSize(2)
        .allMatch(warning -> warning.contains("version 1 of this layout"));
  }

  private static Proof.Verdict verdict(Plan plan, String identities, String policy) {
    Reading reading = read(identities, policy, plan.cluster());
    assertThat(reading.problems()).isEmpty();
    return Prover.prove(plan, Scope.CLUSTER, reading.rules(), reading.contract())
        .verdict();
  }

  @Test
  void aDumpThatIsNoneIsSaidWithItsPlace() {
    Reading reading = read("[{\"key\":[\"0x00\"],\"value\":[]}]", "[]", Cluster.EMPTY);
    assertThat(reading.problems())
        .singleElement()
        .asString()
        .startsWith("identities:1:")
        .contains("24 bytes, not 1");
    assertThat(read("{", "[]", Cluster.EMPTY).problems())
        .singleElement()
        .asString()
        .startsWith("identities:1:1: error: expected an array of entries");
    assertThat(read("[]", "[{\"key\":[7]}]", Cluster.EMPTY).problems())
        .singleElement()
        .asString()
        .startsWith("policy:1:");
  }

  private static Reading read(String identities, String policy, Cluster cluster) {
    return new BpfDumps()
        .read(
            Map.of(
                "bpf-identities", List.of(new Dump("identities", identities)),
                "bpf-policy", List.of(new Dump("policy", policy))),
            cluster,
            Scope.CLUSTER);
  }
}
