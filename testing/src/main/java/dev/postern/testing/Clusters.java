package dev.postern.testing;

import dev.postern.cluster.Cluster;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/**
 * Clusters for jqwik: {@code @ForAll Cluster} gives {@link Profile#EVERYTHING}, {@link #of} any other profile. Shrinking takes workloads
 * and policies away.
 */
public final class Clusters implements ArbitraryProvider {

  /** Random clusters within a profile, also without workloads or policies. */
  public static Arbitrary<Cluster> of(Profile profile) {
    Arbitrary<Long> seed = Arbitraries.longs()
        .withDistribution(RandomDistribution.uniform())
        .edgeCases(edge -> edge.includeOnly(0L))
        .dontShrink();
    Arbitrary<List<Long>> workloads = seed.list().ofMaxSize(profile.size().workloads());
    Arbitrary<List<Long>> policies = seed.list().ofMaxSize(profile.size().policies());
    return Combinators.combine(seed, workloads, policies)
        .as((inventory, endpoints, rules) ->
            RandomCluster.of(inventory, endpoints, rules, profile));
  }

  @Override
  public boolean canProvideFor(TypeUsage targetType) {
    return targetType.isOfType(Cluster.class);
  }

  @Override
  public Set<Arbitrary<?>> provideFor(TypeUsage targetType, SubtypeProvider subtypeProvider) {
    return Set.of(of(Profile.EVERYTHING));
  }
}
