package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.target.Scope;
import dev.postern.testing.Clusters;
import dev.postern.testing.Feature;
import dev.postern.testing.Profile;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is compiled plainly from the plan is proved, whatever the cluster and the form of the rules. */
class ProverTest {

  static final Profile PROFILE = Profile.EVERYTHING.without(Feature.MISSING_ADDRESSES);

  @Property(tries = 300)
  void whatIsCompiledRightIsProved(
      @ForAll("clusters") Cluster cluster,
      @ForAll("options") Options options,
      @ForAll NaiveCompiler.Style style,
      @ForAll boolean oneNode) {
    Plan plan = Plan.of(cluster, options);
    Scope scope = oneNode ? Scope.node("node-0") : Scope.CLUSTER;
    String rules = NaiveCompiler.compile(plan, scope, style);
    Proof proof = Prover.prove(plan, scope, RuleText.parse(rules), Contract.STRICT);
    assertThat(proof.verdict()).as("%s%n%s", proof, rules).isEqualTo(Verdict.PROVED);
  }

  @Provide
  Arbitrary<Cluster> clusters() {
    return Clusters.of(PROFILE);
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }
}
