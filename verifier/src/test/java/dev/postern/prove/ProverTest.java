package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is compiled plainly from the plan is proved, whatever the cluster and the form of the rules. */
class ProverTest {

  static final Profile PROFILE = Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES);

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

  /** Pods of one node share its address there: what one of them may do and another may not can't be told from packets. */
  @Property(tries = 300)
  void whereHostPodsArePodsNothingRightIsRefuted(
      @ForAll("clusters") Cluster cluster, @ForAll NaiveCompiler.Style style) {
    Plan plan = Plan.of(
        cluster,
        Options.DEFAULT.withHostNetwork(Options.HostNetwork.POD).withNodeTrafficPasses(false));
    Map<Address, List<End.InPod>> shared = plan.classes().endpoints().stream()
        .filter(end -> end.address().isPresent())
        .collect(Collectors.groupingBy(end -> end.address().orElseThrow()));
    boolean clear = shared.values().stream().allMatch(ends -> ends.size() == 1);
    String rules = NaiveCompiler.compile(plan, Scope.CLUSTER, style);
    Proof proof = Prover.prove(plan, Scope.CLUSTER, RuleText.parse(rules), Contract.STRICT);
    if (clear) {
      assertThat(proof.verdict()).as("%s%n%s", proof, rules).isEqualTo(Verdict.PROVED);
    } else if (proof.verdict() == Verdict.UNKNOWN) {
      assertThat(proof.notes()).anyMatch(note -> note.contains("more than one pod"));
    }
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
