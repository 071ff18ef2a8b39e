package dev.postern.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A plan that starts from an earlier one says what a plan of its own says. */
class LaterPlanTest {

  private static final int CLUSTERS = 300;

  private static final int EDITS = 6;

  @Test
  void afterRandomEditsOfPoliciesAPlanSaysWhatANewOneSays() {
    int shared = 0;
    int takenOver = 0;
    for (int seed = 0; seed < Tries.share(CLUSTERS); seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
      List<Policy> pool = new ArrayList<>(cluster.policies());
      Options options = new Options(
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextBoolean() ? Options.HostNetwork.NODE : Options.HostNetwork.POD,
          Options.MissingAddress.values()[random.nextInt(3)]);
      Plan plan = Plan.of(cluster, options);
      for (int edit = 0; edit < EDITS; edit++) {
        List<Policy> policies = new ArrayList<>(pool);
        if (!policies.isEmpty()) {
          policies.remove(random.nextInt(policies.size()));
        }
        if (!policies.isEmpty()) {
          int place = random.nextInt(policies.size());
          policies.set(place, edited(policies.get(place), random));
        }
        Cluster later = cluster.withPolicies(policies);
        // As after questions, so that some tables are there to be taken over.
        for (int number = 0; number < plan.classes().inside(); number++) {
          plan.table(number, Direction.values()[random.nextInt(2)]);
        }
        Plan next = plan.after(later);
        shared += next.classes() == plan.classes() ? 1 : 0;
        takenOver += takenOver(plan, next);
        agree("seed " + seed + ", edit " + edit, next, Plan.of(later, options));
        plan = next;
      }
    }
    assertThat(shared).isGreaterThan(Tries.share(CLUSTERS));
    assertThat(takenOver).isGreaterThan(Tries.share(CLUSTERS));
  }

  /** Another policy of the same name that mentions nothing new: without a rule, or the same again as another object. */
  private static Policy edited(Policy policy, SplittableRandom random) {
    return policy.withRules(
        less(policy.ingress(), random.nextBoolean()), less(policy.egress(), random.nextBoolean()));
  }

  private static <T> List<T> less(List<T> rules, boolean less) {
    return less && !rules.isEmpty() ? rules.subList(0, rules.size() - 1) : rules;
  }

  private static int takenOver(Plan plan, Plan next) {
    int same = 0;
    if (next.classes() == plan.classes()) {
      for (int number = 0; number < plan.classes().inside(); number++) {
        same +=
            next.table(number, Direction.INGRESS) == plan.table(number, Direction.INGRESS) ? 1 : 0;
      }
    }
    return same;
  }

  private static void agree(String name, Plan plan, Plan fresh) {
    Classes own = plan.classes();
    Classes others = fresh.classes();
    assertThat(own.endpoints()).as(name).isEqualTo(others.endpoints());
    assertThat(own.size() - own.inside()).as(name).isEqualTo(others.size() - others.inside());
    for (Direction direction : Direction.values()) {
      for (int endpoint = 0; endpoint < own.endpoints().size(); endpoint++) {
        Table table = plan.table(own.classOf(endpoint), direction);
        Table expected = fresh.table(others.classOf(endpoint), direction);
        assertThat(plan.isolated(direction).contains(own.classOf(endpoint)))
            .as(name)
            .isEqualTo(fresh.isolated(direction).contains(others.classOf(endpoint)));
        for (int peer = 0; peer < others.size(); peer++) {
          int number = own.classOf(others.end(peer));
          assertThat(table.allowed().traffic(number))
              .as(name)
              .isEqualTo(expected.allowed().traffic(peer));
          assertThat(table.possible().traffic(number))
              .as(name)
              .isEqualTo(expected.possible().traffic(peer));
        }
        for (int peer = 0; peer < own.endpoints().size(); peer++) {
          assertThat(plan.allowed(own.classOf(endpoint), own.classOf(peer), direction))
              .as(name)
              .isEqualTo(fresh.allowed(others.classOf(endpoint), others.classOf(peer), direction));
        }
      }
    }
  }
}
