package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.shape.Churn;
import dev.postern.testing.shape.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionTest {

  private static Layout layout(Cluster cluster, Family family) throws Refusal {
    return Layouts.of(Plan.of(cluster), Scope.CLUSTER, PolicedPods.Unaddressed.REFUSE)
        .getOrDefault(family, Layout.none(family));
  }

  @ParameterizedTest
  @EnumSource(names = {"W1_TENANT_TEMPLATE", "W3_MICROSERVICES", "W6_ADMIN_TIERS"})
  void podsComeAndGoByEditsAlone(Shape shape) throws Refusal {
    Cluster cluster = shape.cluster(3, 0.02);
    Churn churn = Churn.of(cluster, 5);
    int edits = 0;
    for (int i = 0; i < 10; i++) {
      Cluster next = churn.next().after(cluster);
      Transition transition = transition(cluster, next, Family.IPV4);
      assertThat(transition.standIns()).isEmpty();
      edits += transition.edits().size();
      cluster = next;
    }
    assertThat(edits).isBetween(10, 2_000);
  }

  private static Transition transition(Cluster old, Cluster now, Family family) throws Refusal {
    return Transition.of(layout(old, family), layout(now, family), Set.of(), true);
  }

  @Test
  void editsInTheOppositeOrderAreFoundWrong() throws Refusal {
    assertThat(violated(edits -> {
          List<RuleEdit> reversed = new ArrayList<>(edits);
          Collections.reverse(reversed);
          return reversed;
        }))
        .isPositive();
  }

  @Test
  void leavingBeforeComingIsFoundWrong() throws Refusal {
    assertThat(violated(edits -> {
          List<RuleEdit> sorted = new ArrayList<>(edits);
          sorted.sort(Comparator.comparing(RuleEdit::adds));
          return sorted;
        }))
        .isPositive();
  }

  @Test
  void theOrderThatWasChosenIsNotFoundWrong() throws Refusal {
    assertThat(violated(edits -> edits)).isZero();
  }

  /** How many of many transitions are found wrong once their edits are changed. */
  private static int violated(UnaryOperator<List<RuleEdit>> mutant) throws Refusal {
    int violated = 0;
    for (int seed = 0; seed < 150; seed++) {
      Cluster cluster = RandomCluster.of(seed, DeltaStatesTest.SMALL);
      Cluster changed = Changes.some(cluster, new Random(seed));
      for (Family family : Family.values()) {
        Transition transition = transition(cluster, changed, family);
        Transition other = new Transition(
            transition.before(),
            transition.after(),
            transition.standIns(),
            mutant.apply(transition.edits()),
            transition.middle());
        List<Address> violations = new TransitionProof(
                other, Contents.of(other.before(), true), Contents.of(other.after(), true))
            .violations(true);
        violated += violations.isEmpty() ? 0 : 1;
      }
    }
    return violated;
  }
}
