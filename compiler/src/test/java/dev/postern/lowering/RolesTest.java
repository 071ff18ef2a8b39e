package dev.postern.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.cluster.Cluster;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.testing.shape.Churn;
import dev.postern.testing.shape.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RolesTest {

  @Property(tries = 500)
  void classesOfOneRoleHaveOneTable(@ForAll Cluster cluster) {
    Plan plan = Plan.of(cluster);
    Roles roles = Roles.of(plan);
    for (Direction direction : Direction.values()) {
      Map<String, Region> tables = new HashMap<>();
      for (int number = 0; number < plan.classes().inside(); number++) {
        Region allowed = plan.table(number, direction).allowed();
        Region other = tables.putIfAbsent(roles.of(number, direction), allowed);
        assertThat(other == null || other.equals(allowed)).isTrue();
      }
    }
  }

  @Property(tries = 500)
  void setsOfPeersHaveOneNameIffTheyAreEqual(@ForAll Cluster cluster) {
    Plan plan = Plan.of(cluster);
    PeerNames names = names(plan);
    Map<String, ClassSet> named = new HashMap<>();
    for (Direction direction : Direction.values()) {
      for (int number = 0; number < plan.classes().inside(); number++) {
        for (Region.Part part : plan.table(number, direction).allowed().parts()) {
          ClassSet other = named.putIfAbsent(names.of(part.peers()), part.peers());
          assertThat(other == null || other.equals(part.peers())).isTrue();
        }
      }
    }
    assertThat(new TreeSet<>(named.values())).hasSameSizeAs(named.keySet());
  }

  @Test
  void peersOfNoTableHaveNoName() {
    PeerNames names = new PeerNames(Roles.of(Plan.of(Shape.W1_TENANT_TEMPLATE.cluster(1, 0.01))));
    assertThatThrownBy(() -> names.of(ClassSet.of(0))).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"W1_TENANT_TEMPLATE", "W3_MICROSERVICES", "W6_ADMIN_TIERS"})
  void podsThatComeAndGoChangeNoName(Shape shape) {
    Cluster cluster = shape.cluster(3, 0.01);
    Map<String, List<String>> before = said(Plan.of(cluster));
    assertThat(before).isNotEmpty();
    Churn churn = Churn.of(cluster, 5);
    for (int i = 0; i < 10; i++) {
      cluster = churn.next().after(cluster);
    }
    assertThat(said(Plan.of(cluster))).isEqualTo(before);
  }

  @Test
  void anEditOfPortsChangesNoRoleAndOnlyTheTablesOfItsOwn() {
    Cluster cluster = Shape.W6_ADMIN_TIERS.cluster(3, 0.01);
    Churn churn = Churn.of(cluster, 5);
    for (int i = 0; i < 10; i++) {
      cluster = churn.next().after(cluster);
    }
    Churn.ClusterChange edit = churn.next();
    assertThat(edit).isInstanceOf(Churn.PolicyEdited.class);
    String policy = ((Churn.PolicyEdited) edit).before().toString();
    Map<String, List<String>> before = said(Plan.of(cluster));
    Map<String, List<String>> after = said(Plan.of(edit.after(cluster)));

    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(after).isNotEqualTo(before);
    before.forEach((role, parts) -> {
      if (!role.contains(policy + "\n") && !role.endsWith(policy)) {
        assertThat(after).containsEntry(role, parts);
      }
    });
  }

  private static PeerNames names(Plan plan) {
    Roles roles = Roles.of(plan);
    PeerNames names = new PeerNames(roles);
    for (Direction direction : Direction.values()) {
      for (int number = 0; number < plan.classes().inside(); number++) {
        names.add(
            number,
            direction,
            roles.of(number, direction),
            plan.table(number, direction).allowed());
      }
    }
    return names;
  }

  /** By role what passes: the names of peers, and the traffic. */
  private static Map<String, List<String>> said(Plan plan) {
    Roles roles = Roles.of(plan);
    PeerNames names = names(plan);
    Map<String, List<String>> said = new TreeMap<>();
    for (Direction direction : Direction.values()) {
      for (int number = 0; number < plan.classes().inside(); number++) {
        said.put(
            roles.of(number, direction),
            plan.table(number, direction).allowed().parts().stream()
                .map(part -> names.of(part.peers()) + ": " + part.traffic())
                .sorted()
                .toList());
      }
    }
    return said;
  }
}
