package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Established;
import dev.postern.enforced.EnforcedRules;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.solver.Limits;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import dev.postern.testing.Tries;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Sets over the plan's tables and Z3 straight from the policies come to the same verdict on right and on wrong rules: the prover throws
 * where they do not.
 */
class WaysAgreeTest {

  private static final AtomicInteger PROVED = new AtomicInteger();
  private static final AtomicInteger DIFFERS = new AtomicInteger();

  @AfterContainer
  static void enoughOfBoth() {
    System.out.println("proved in both ways: " + PROVED + ", differs in both ways: " + DIFFERS);
    assertThat(PROVED).hasValueGreaterThan(Tries.share(50));
    assertThat(DIFFERS).hasValueGreaterThan(Tries.share(10));
  }

  @Property(tries = 160)
  void bothWaysComeToTheSameVerdict(
      @ForAll("clusters") Cluster cluster,
      @ForAll("options") Options options,
      @ForAll NaiveCompiler.Style style,
      @ForAll Mutants.Kind kind,
      @ForAll("contracts") Contract contract,
      @ForAll boolean mutate,
      @ForAll Random random) {
    Plan plan = Plan.of(cluster, options);
    Scope scope = random.nextInt(3) == 0 ? Scope.node("node-0") : Scope.CLUSTER;
    EnforcedRules rules = RuleText.parse(NaiveCompiler.compile(plan, scope, style));
    Optional<EnforcedRules> mutant =
        mutate ? new Mutants(random).mutate(rules, kind) : Optional.empty();
    Proof proof =
        Prover.prove(plan, scope, mutant.orElse(rules), contract, EnumSet.allOf(Way.class));
    assertThat(proof.verdict()).isNotEqualTo(Verdict.UNKNOWN);
    (proof.verdict() == Verdict.PROVED ? PROVED : DIFFERS).incrementAndGet();
    assertThat(mutant.isPresent() || proof.verdict() == Verdict.PROVED).isTrue();
  }

  @Property(tries = 120)
  void askedPartByPartZ3SaysTheSame(
      @ForAll("clusters") Cluster cluster,
      @ForAll NaiveCompiler.Style style,
      @ForAll Mutants.Kind kind,
      @ForAll boolean mutate,
      @ForAll Random random) {
    Plan plan = Plan.of(cluster);
    EnforcedRules rules = RuleText.parse(NaiveCompiler.compile(plan, Scope.CLUSTER, style));
    Optional<EnforcedRules> mutant =
        mutate ? new Mutants(random).mutate(rules, kind) : Optional.empty();
    Claim claim = new Claim(plan, Scope.CLUSTER, mutant.orElse(rules), Contract.STRICT);
    MentionedSets mentioned = new MentionedSets(claim);
    for (Family family : Family.values()) {
      AddressClasses classes = new AddressClasses(plan, Scope.CLUSTER, family, mentioned.addresses);
      Z3Proof z3 = new Z3Proof(claim, family, mentioned, classes.ambiguous, Limits.DEFAULT);
      boolean differs = new SetProof(claim, classes, mentioned).run().isPresent();
      for (List<PacketQuestion> questions :
          List.of(z3.questions().byNamespace(), z3.questions().byPolicies())) {
        Z3Proof.Result result = z3.run(questions);
        assertThat(result.undecided()).isEmpty();
        assertThat(result.difference().isPresent()).isEqualTo(differs);
      }
    }
  }

  @Provide
  Arbitrary<Cluster> clusters() {
    return Clusters.of(ProverTest.PROFILE.sized(new Profile.Size(2, 5, 2, 8, 3)))
        .filter(cluster -> !cluster.policies().isEmpty() && !cluster.workloads().isEmpty());
  }

  @Provide
  Arbitrary<Contract> contracts() {
    Condition web = new Condition.DestinationPort(80, 443);
    return Arbitraries.of(
        Contract.STRICT,
        Contract.STRICT.leavingOpen(Exemption.SAME_POD),
        Contract.STRICT.leavingOpen(Exemption.SAME_POD, Exemption.OWN_NODE),
        Contract.STRICT.with(Established.REPLIES_PASS),
        Contract.STRICT.waiving("the web is somebody else's", web));
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }
}
