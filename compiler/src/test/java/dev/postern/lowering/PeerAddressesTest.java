package dev.postern.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Probes;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PeerAddressesTest {

  @Property(tries = 300)
  void anAddressIsInASetIffItsClassIs(@ForAll Cluster cluster, @ForAll Random random) {
    Plan plan = Plan.of(cluster);
    PeerAddresses addresses = PeerAddresses.of(plan);
    List<Address> probes = new ArrayList<>(Probes.of(cluster, random).addresses());
    ClassSet.Builder builder = new ClassSet.Builder();
    for (int number = 0; number < plan.classes().size(); number++) {
      if (random.nextBoolean()) {
        builder.add(number);
      }
    }
    ClassSet set = builder.build();
    AddressSet exact = addresses.exactly(set);
    for (Address address : probes) {
      assertThat(exact.contains(address))
          .as("%s in %s", address, set)
          .isEqualTo(set.contains(addresses.classOf(address)));
      assertThat(exact.contains(address))
          .isEqualTo(
              (addresses.pods().contains(address) ? addresses.inside(set) : addresses.outside(set))
                  .contains(address));
    }
    plan.classes()
        .endpoints()
        .forEach(endpoint -> endpoint
            .address()
            .ifPresent(address -> assertThat(addresses.podClass(address)).isPresent()));
  }

  @Test
  void allClassesAreTheWholeAddressSpace() {
    Plan plan = Plan.of(RandomCluster.of(1, Profile.EVERYTHING));
    assertThat(PeerAddresses.of(plan).exactly(plan.classes().everyone())).isEqualTo(AddressSet.ALL);
    assertThat(PeerAddresses.of(plan)
            .exactly(plan.classes().outsiders())
            .contains(Address.parse("8.8.8.8")))
        .isTrue();
  }

  @Property(tries = 200)
  void everyPolicedPodIsInExactlyTheGroupOfItsTable(@ForAll long seed) throws Refusal {
    Cluster cluster = RandomCluster.of(
        seed,
        Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES));
    Plan plan = Plan.of(cluster);
    PolicedPods policed = PolicedPods.of(plan, Scope.CLUSTER, PolicedPods.Unaddressed.REFUSE);
    for (Direction direction : Direction.values()) {
      for (PolicedPods.PodGroup group : policed.groups(direction)) {
        for (End.InPod endpoint : group.endpoints()) {
          assertThat(group.allowed())
              .isEqualTo(plan.table(plan.classes().classOf(endpoint), direction).allowed());
        }
      }
      List<End.InPod> grouped = policed.groups(direction).stream()
          .flatMap(group -> group.endpoints().stream())
          .toList();
      assertThat(grouped).doesNotHaveDuplicates();
      plan.classes().endpoints().stream()
          .filter(endpoint -> !grouped.contains(endpoint))
          .forEach(endpoint -> assertThat(
                  plan.table(plan.classes().classOf(endpoint), direction).allowed())
              .isEqualTo(Region.of(plan.classes().everyone(), Traffic.ALL)));
    }
  }

  @Test
  void aBlockAllOfWhosePodsMatchComesOutWhole() {
    Plan plan = Plan.of(RandomCluster.of(3, Profile.NETWORK_POLICY));
    PeerAddresses addresses = PeerAddresses.of(plan);
    AddressSet all = addresses.exactly(plan.classes().everyone());
    assertThat(all.contains(Cidr.parse("10.0.0.0/8").first())).isTrue();
    assertThat(all.ranges()).hasSize(2);
  }
}
