package dev.postern.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.selector.Labels;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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

  @Test
  void afterPodsComeAndGoAPlanSaysWhatANewOneSays() {
    int moved = 0;
    int planned = 0;
    int numbered = 0;
    for (int seed = 0; seed < Tries.share(CLUSTERS); seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
      Options options = new Options(
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextBoolean() ? Options.HostNetwork.NODE : Options.HostNetwork.POD,
          Options.MissingAddress.values()[random.nextInt(3)]);
      Plan plan = Plan.of(cluster, options);
      for (int event = 0; event < EDITS; event++) {
        Cluster later = cluster.withWorkloads(moved(cluster.workloads(), random));
        if (random.nextInt(3) == 0 && !later.policies().isEmpty()) {
          List<Policy> policies = new ArrayList<>(later.policies());
          policies.remove(random.nextInt(policies.size()));
          later = later.withPolicies(policies);
        }
        if (!later.namespaces().equals(cluster.namespaces())) {
          continue;
        }
        for (int number = 0; number < plan.classes().inside(); number++) {
          plan.table(number, Direction.values()[random.nextInt(2)]);
        }
        Plan next = plan.after(later);
        boolean kept = next.rules() == plan.rules();
        moved += kept ? 1 : 0;
        planned += kept ? 0 : 1;
        numbered += !kept && next.classes().atoms() == plan.classes().atoms() ? 1 : 0;
        if (later.policies().equals(cluster.policies()) && event == 0) {
          assertThat(numbers(next)).isEqualTo(numbers(Plan.of(later, options)));
        }
        assertThat(next.cluster()).isSameAs(later);
        agree("seed " + seed + ", event " + event, next, Plan.of(later, options));
        plan = next;
        cluster = later;
      }
    }
    assertThat(moved).isGreaterThan(Tries.share(CLUSTERS));
    assertThat(planned).isGreaterThan(Tries.share(CLUSTERS));
    assertThat(numbered).isGreaterThan(Tries.share(CLUSTERS));
  }

  /** By endpoint its class: what is said of a plan may take the classes in their order. */
  private static List<Integer> numbers(Plan plan) {
    Classes classes = plan.classes();
    return IntStream.range(0, classes.endpoints().size())
        .mapToObj(classes::classOf)
        .toList();
  }

  /** Workloads of which one is gone, is there again as another object, is there once more, or has another label or other pods. */
  private static List<Workload> moved(List<Workload> before, SplittableRandom random) {
    List<Workload> workloads = new ArrayList<>(before);
    for (int times = random.nextInt(3); times >= 0 && !workloads.isEmpty(); times--) {
      int place = random.nextInt(workloads.size());
      Workload like = workloads.get(place);
      switch (random.nextInt(6)) {
        case 0 -> workloads.remove(place);
        case 1 ->
          workloads.set(
              place, copy(like, like.name(), like.labels().with("app", "other"), like.pods()));
        case 2 ->
          workloads.set(
              place,
              copy(
                  like,
                  like.name(),
                  like.labels(),
                  less(like.pods(), like.pods().size() > 1)));
        default ->
          workloads.add(
              copy(like, like.name() + "-" + random.nextInt(100), like.labels(), like.pods()));
      }
    }
    return workloads;
  }

  private static Workload copy(Workload like, String name, Labels labels, List<Pod> pods) {
    return new Workload(
        like.namespace(),
        name,
        like.kind(),
        labels,
        like.ports(),
        like.hostNetwork(),
        pods,
        like.origin());
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
    for (int number = 0; number < own.inside(); number++) {
      assertThat(own.members(number).toArray()).as(name).isNotEmpty();
    }
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
