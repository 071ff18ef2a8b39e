package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Origin;
import dev.postern.selector.Labels;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterOfPartsTest {

  private static Cluster part(String namespace, String... names) {
    return Cluster.of(
        List.of(),
        List.of(names).stream()
            .map(name -> new Workload(
                namespace, name, "Pod", Labels.NONE, List.of(), false, List.of(), Origin.NONE))
            .toList(),
        List.of());
  }

  private static Cluster all() {
    return new Cluster(
        new TreeMap<>(),
        List.of(
            part("a", "x", "y").workloads().get(0),
            part("a", "x", "y").workloads().get(1),
            part("b", "w").workloads().get(0)),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  @Test
  void partsInOrderAreOneCluster() {
    assertThat(Cluster.together(Cluster.EMPTY, List.of(part("a", "x", "y"), part("b", "w"))))
        .isEqualTo(all());
  }

  @Test
  void partsInAnotherOrderAreTheSameCluster() {
    assertThat(Cluster.together(Cluster.EMPTY, List.of(part("b", "w"), part("a", "x", "y"))))
        .isEqualTo(all());
    assertThat(Cluster.together(part("b", "w"), List.of(part("a", "x", "y")))).isEqualTo(all());
  }
}
