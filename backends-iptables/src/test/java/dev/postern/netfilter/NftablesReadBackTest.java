package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the writer wrote, read by the reader, means what the definition says. */
class NftablesReadBackTest {

  @Property(tries = 1000)
  void theRulesetMeansWhatThePoliciesSay(@ForAll long seed, @ForAll("options") Options options)
      throws Refusal {
    check(Nftables.backend(), seed, options);
  }

  @Property(tries = 200)
  void refusedIsDenied(@ForAll long seed, @ForAll("options") Options options) throws Refusal {
    check(Nftables.backend().denying(Deny.REJECT), seed, options);
  }

  private static void check(Nftables backend, long seed, Options options) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
    Artifact artifact = backend.compile(Plan.of(cluster, options), Scope.CLUSTER);
    Random random = new Random(seed);
    assertThat(new ReadBack(cluster, options, random)
            .differences(NftablesReader.read(artifact.file(Nftables.RULESET)), random, 60))
        .isEmpty();
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }
}
