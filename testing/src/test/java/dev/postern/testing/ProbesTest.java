package dev.postern.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.net.Address;
import dev.postern.net.PortSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProbesTest {

  @Test
  void anEmptyClusterIsProbedAtTheEndsOfEachFamilyAndOfThePorts() {
    Probes probes = Probes.of(Cluster.EMPTY, new Random(1));
    assertThat(probes.addresses())
        .contains(
            Stream.of("0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
                .map(Address::parse)
                .toArray(Address[]::new));
    assertThat(probes.ports()).contains(1, 65535);
  }

  @Property(tries = 100)
  void podsAndTheirNeighboursAreProbedAndOnlyThoseThatNobodyHoldsAreOutside(
      @ForAll Cluster cluster) {
    Probes probes = Probes.of(cluster, new Random(1));
    List<Address> held = cluster.workloads().stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .toList();
    assertThat(probes.addresses())
        .isSorted()
        .doesNotHaveDuplicates()
        .containsAll(held)
        .containsAll(held.stream().map(Address::next).toList());
    assertThat(probes.outside(cluster)).isNotEmpty().noneMatch(held::contains);
    assertThat(probes.ports())
        .isSorted()
        .allMatch(port -> port >= PortSet.MIN && port <= PortSet.MAX);
  }
}
