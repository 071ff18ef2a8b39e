package dev.postern.testing.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cluster.Cluster;
import dev.postern.net.Address;
import dev.postern.testing.shape.Churn.ClusterChange;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChurnTest {

  private static final Cluster CLUSTER = Shape.W6_ADMIN_TIERS.cluster(1, 0.02);

  private static List<ClusterChange> changes(long seed, int count) {
    Churn churn = Churn.of(CLUSTER, seed);
    return Stream.generate(churn::next).limit(count).toList();
  }

  @Test
  void ofElevenChangesTenAreOfPodsAndOneIsAnEdit() {
    assertThat(changes(1, 1100)).filteredOn(Churn.PodsChanged.class::isInstance).hasSize(1000);
    assertThat(changes(1, 1100))
        .filteredOn(Churn.PolicyEdited.class::isInstance)
        .hasSize(100);
  }

  @Test
  void equalSeedsGiveEqualChanges() {
    assertThat(changes(7, 200)).isEqualTo(changes(7, 200)).isNotEqualTo(changes(8, 200));
  }

  @Test
  void eachChangeAppliesToTheClusterThatTheOnesBeforeItLeft() {
    Cluster cluster = CLUSTER;
    for (ClusterChange change : changes(1, 500)) {
      Cluster after = change.after(cluster);
      assertThat(after).isNotEqualTo(cluster);
      assertThat(after.policies()).hasSameSizeAs(cluster.policies());
      assertThat(after.workloads())
          .hasSameSizeAs(cluster.workloads())
          .allMatch(workload -> !workload.pods().isEmpty());
      cluster = after;
    }
    Stream<Address> addresses = cluster.workloads().stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream());
    assertThat(addresses).doesNotHaveDuplicates();
  }

  @Test
  void aClusterInWhichNothingChangesIsRefused() {
    assertThatThrownBy(() -> Churn.of(Cluster.EMPTY, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
