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
import dev.postern.netfilter.UnreadableDump;
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
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Artefacts of random clusters, read back and proved; and broken ones, which no proof lets pass. */
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

  @Test
  void everyMutantOfIptablesIsCaught() throws Refusal {
    mutants(Iptables.backend());
  }

  @Test
  void everyMutantOfNftablesIsCaught() throws Refusal {
    mutants(Nftables.backend());
  }

  /** A mutant that is proved all the same must be one: then no flow tells it from the original. */
  private static void mutants(Backend backend) throws Refusal {
    Map<Mutants.Kind, int[]> tally = new EnumMap<>(Mutants.Kind.class);
    for (int seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      Cluster cluster = RandomCluster.of(seed, PROFILE);
      Plan plan = Plan.of(cluster);
      Artifact artifact = backend.compile(plan, Scope.CLUSTER);
      for (Mutants.Kind kind : Mutants.kinds()) {
        for (Map.Entry<String, String> file : artifact.files().entrySet()) {
          Optional<String> broken =
              file.getKey().endsWith(".restore") || file.getKey().endsWith(".nft")
                  ? Mutants.of(file.getValue(), kind, random)
                  : Optional.empty();
          if (broken.isPresent()) {
            Map<String, String> files = new TreeMap<>(artifact.files());
            files.put(file.getKey(), broken.get());
            int[] count = tally.computeIfAbsent(kind, key -> new int[3]);
            count[
                outcome(plan, new Artifact(artifact.target(), new TreeMap<>(files), ""), random)]++;
          }
        }
      }
    }
    tally.forEach(
        (kind, count) -> System.out.println(backend.target() + " mutants, " + kind + ": " + count[0]
            + " refuted, " + count[1] + " not even readable, " + count[2] + " without effect"));
    tally.forEach(
        (kind, count) -> assertThat(count[0] + count[1]).as(kind.name()).isPositive());
  }

  private static int outcome(Plan plan, Artifact broken, Random random) {
    EnforcedRules rules;
    try {
      rules = read(broken);
    } catch (UnreadableDump | IllegalArgumentException e) {
      return 1;
    }
    Proof proof = Prover.prove(plan, Scope.CLUSTER, rules, Contract.STRICT);
    if (proof.verdict() != Proof.Verdict.PROVED) {
      return 0;
    }
    assertThat(new Sampled(plan).differences(rules, random, 400)).isEmpty();
    return 2;
  }
}
