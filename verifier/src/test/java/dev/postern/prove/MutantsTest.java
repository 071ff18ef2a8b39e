package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Packet;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import dev.postern.testing.Tries;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Wrong rules are caught, and rules that a change left right are proved still: where the prover says PROVED no packet says otherwise, and
 * its every DIFFERS was replayed on both definitions before it came back.
 */
class MutantsTest {

  private static final Map<Mutants.Kind, AtomicInteger> CAUGHT = new EnumMap<>(Mutants.Kind.class);
  private static final Map<Mutants.Kind, AtomicInteger> EQUIVALENT =
      new EnumMap<>(Mutants.Kind.class);

  @AfterContainer
  static void enoughOfBoth() {
    System.out.println("mutants caught: " + CAUGHT + ", equivalent: " + EQUIVALENT);
    for (Mutants.Kind kind : Mutants.Kind.values()) {
      assertThat(CAUGHT.get(kind)).as("caught of " + kind).hasValueGreaterThan(Tries.share(5));
    }
    assertThat(EQUIVALENT).isNotEmpty();
  }

  @Property(tries = 250)
  void everyMutantIsCaughtOrEquivalent(
      @ForAll("clusters") Cluster cluster,
      @ForAll NaiveCompiler.Style style,
      @ForAll Random random) {
    Plan plan = Plan.of(cluster);
    EnforcedRules right = RuleText.parse(NaiveCompiler.compile(plan, Scope.CLUSTER, style));
    for (Mutants.Kind kind : Mutants.Kind.values()) {
      Optional<EnforcedRules> mutant = new Mutants(random).mutate(right, kind);
      if (mutant.isEmpty()) {
        continue;
      }
      Claim claim = new Claim(plan, Scope.CLUSTER, mutant.get(), Contract.STRICT);
      Proof proof = Prover.prove(plan, Scope.CLUSTER, mutant.get(), Contract.STRICT);
      Optional<Packet> counterexample = new BruteForce(claim, random).search(mutant.get(), 1000);
      if (proof.verdict() == Verdict.PROVED) {
        count(EQUIVALENT, kind);
        assertThat(counterexample).as("%s of %s", kind, style).isEmpty();
      } else {
        count(CAUGHT, kind);
        assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
        assertThat(proof.difference()).isPresent();
      }
    }
  }

  private static void count(Map<Mutants.Kind, AtomicInteger> counts, Mutants.Kind kind) {
    counts.computeIfAbsent(kind, k -> new AtomicInteger()).incrementAndGet();
  }

  @Provide
  Arbitrary<Cluster> clusters() {
    return Clusters.of(ProverTest.PROFILE.sized(new Profile.Size(2, 6, 2, 10, 3)))
        .filter(cluster -> cluster.policies().size() > 2 && cluster.workloads().size() > 1);
  }
}
