package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Backend;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.meaning.Options;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Limits;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Artefacts of random clusters, read back and proved. */
class NetfilterProofTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  @Property(tries = 1000)
  void iptablesRulesAreProved(@ForAll long seed, @ForAll("options") Options options)
      throws Refusal {
    proved(Iptables.backend(), seed, options);
  }

  @Property(tries = 300)
  void soAreThoseWithoutMarks(@ForAll long seed, @ForAll("options") Options options)
      throws Refusal {
    proved(Iptables.backend().withoutMarks(), seed, options);
  }

  @Property(tries = 1000)
  void nftablesRulesAreProved(@ForAll long seed, @ForAll("options") Options options)
      throws Refusal {
    proved(Nftables.backend(), seed, options);
  }

  /** Z3, straight from the policies, comes to the same verdict as the sets. */
  @Property(tries = 40)
  void z3ProvesBoth(@ForAll long seed) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster);
    for (Backend backend : List.of(Iptables.backend(), Nftables.backend())) {
      Claim claim = new Claim(
          plan, Scope.CLUSTER, read(backend.compile(plan, Scope.CLUSTER)), Contract.STRICT);
      Proof proof =
          Prover.prove(claim, EnumSet.allOf(Way.class), Limits.of(Duration.ofSeconds(60)));
      assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
    }
  }

  private static void proved(Backend backend, long seed, Options options) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, options);
    Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
        ? Scope.node(cluster.nodes().get(0).name())
        : Scope.CLUSTER;
    Proof proof = Prover.prove(plan, scope, read(backend.compile(plan, scope)), Contract.STRICT);
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  static EnforcedRules read(Artifact artifact) {
    return artifact.files().containsKey(Nftables.RULESET)
        ? NftablesReader.read(artifact.file(Nftables.RULESET))
        : IptablesReader.read(
            artifact.file(Iptables.RULES_4),
            artifact.file(Iptables.RULES_6),
            artifact.file(Iptables.SETS));
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }
}
