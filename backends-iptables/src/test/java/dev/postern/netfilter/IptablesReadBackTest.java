package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the writer wrote, read by the reader, means what the definition says. */
class IptablesReadBackTest {

  @Property(tries = 1000)
  void marksFindThePodsGroup(@ForAll long seed, @ForAll("options") Options options) throws Refusal {
    check(Iptables.backend(), seed, options);
  }

  @Property(tries = 300)
  void soDoAddresses(@ForAll long seed, @ForAll("options") Options options) throws Refusal {
    check(Iptables.backend().withoutMarks(), seed, options);
  }

  @Property(tries = 200)
  void refusedIsDenied(@ForAll long seed, @ForAll("options") Options options) throws Refusal {
    check(Iptables.backend().denying(Deny.REJECT), seed, options);
  }

  private static void check(Iptables backend, long seed, Options options) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
    Artifact artifact = backend.compile(Plan.of(cluster, options), Scope.CLUSTER);
    Random random = new Random(seed);
    assertThat(new ReadBack(cluster, options, random).differences(read(artifact), random, 60))
        .isEmpty();
  }

  static EnforcedRules read(Artifact artifact) {
    return IptablesReader.read(
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
