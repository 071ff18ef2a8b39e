package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.diagnostic.Origin;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workloads found by their names against those found by looking at all. */
class ClusterByNameTest {

  /** Names that others begin with, and that stand beside them in the order. */
  private static final List<String> NAMES = List.of("a", "a-b", "a.b", "aa", "b", "b-0", "z");

  private static Workload workload(String namespace, String name, String kind) {
    return new Workload(
        namespace, name, kind, Labels.NONE, List.of(), false, List.of(), Origin.NONE);
  }

  @Test
  void workloadsAreFoundByNamespaceAndByName() {
    List<Workload> all = new ArrayList<>();
    for (String namespace : NAMES.subList(0, 6)) {
      for (String name : NAMES.subList(1, 7)) {
        all.add(workload(namespace, name, "Deployment"));
        if (name.length() < 3) {
          all.add(workload(namespace, name, "StatefulSet"));
        }
      }
    }
    Cluster cluster = Cluster.of(List.of(), all, List.of());
    for (String namespace : NAMES) {
      assertThat(cluster.workloadsIn(namespace))
          .isEqualTo(cluster.workloads().stream()
              .filter(each -> each.namespace().equals(namespace))
              .toList());
      for (String name : NAMES) {
        assertThat(cluster.workloadsCalled(namespace, name))
            .isEqualTo(cluster.workloads().stream()
                .filter(
                    each -> each.namespace().equals(namespace) && each.name().equals(name))
                .toList());
      }
    }
    for (int place = 0; place < all.size(); place++) {
      assertThat(cluster.placeOf(cluster.workloads().get(place))).isEqualTo(place);
    }
    Workload equal = workload("a", "b", "Deployment");
    assertThat(cluster.workloads()).contains(equal);
    assertThatThrownBy(() -> cluster.placeOf(equal)).hasMessage("not in this cluster: a/b");
    assertThat(Cluster.EMPTY.workloadsIn("a")).isEmpty();
  }
}
