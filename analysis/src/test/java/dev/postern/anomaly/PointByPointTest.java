package dev.postern.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.algebra.Rectangle;
import dev.postern.anomaly.Finding.Kind;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Findings that are about who decides, against their definitions: every class, peer and port is looked at by itself. */
class PointByPointTest {

  private static final AtomicInteger CONFLICTS = new AtomicInteger();
  private static final AtomicInteger SHADOWED = new AtomicInteger();
  private static final AtomicInteger NOWHERE = new AtomicInteger();
  private static final AtomicInteger COVERED = new AtomicInteger();
  private static final AtomicInteger HALF = new AtomicInteger();

  @AfterContainer
  static void allKindsWereSeen() {
    System.out.println("conflicts " + CONFLICTS + ", shadowed " + SHADOWED + ", passes to nowhere "
        + NOWHERE + ", covered " + COVERED + ", half a path " + HALF);
    assertThat(CONFLICTS).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(SHADOWED).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(NOWHERE).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(COVERED).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(HALF).hasValueGreaterThanOrEqualTo(Tries.share(1));
  }

  private record Pair(PolicyRule one, PolicyRule other) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Pair pair && pair.one == one && pair.other == this.other;
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(one) + System.identityHashCode(other);
    }
  }

  /** What the rules of one cluster do, found the slow way. */
  private static final class Facts {
    private final Plan plan;
    private final List<Traffic> pieces = new ArrayList<>();
    private final SortedSet<Integer> priorities = new TreeSet<>();
    /** Two policies may have equal rules, so these are told apart by who they are. */
    private final Set<PolicyRule> reached = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Set<PolicyRule> passes = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<PolicyRule> answered = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Pair> conflicts = new LinkedHashSet<>();

    Facts(Plan plan) {
      this.plan = plan;
      plan.cluster().policies().forEach(policy -> priorities.add(policy.priority()));
      boolean names = plan.rules().stream().anyMatch(rule -> !rule.byName().isEmpty());
      for (Protocol protocol : Protocol.values()) {
        if (!protocol.hasPorts()) {
          pieces.add(Traffic.of(protocol, PortSet.NONE));
          continue;
        }
        Set<Integer> ports = new LinkedHashSet<>(List.of(1));
        plan.rules().stream()
            .flatMap(rule -> Stream.concat(rule.rectangles().stream(), rule.byName().stream()))
            .flatMap(r -> r.traffic().ports(protocol).intervals().stream())
            .forEach(interval -> {
              ports.add(interval.first());
              ports.add(Math.min(PortSet.MAX, interval.last() + 1));
            });
        ports.forEach(port -> pieces.add(Traffic.of(protocol, PortSet.of(port))));
      }
      for (int number = 0; number < plan.classes().inside(); number++) {
        for (int peer = 0; peer < plan.classes().size(); peer++) {
          for (Direction direction : Direction.values()) {
            for (Traffic piece : pieces) {
              for (boolean withNames : names ? new boolean[] {false, true} : new boolean[1]) {
                point(number, peer, direction, piece, withNames);
              }
            }
          }
        }
      }
    }

    private void point(
        int number, int peer, Direction direction, Traffic piece, boolean withNames) {
      boolean isolated = plan.isolated(direction).contains(number);
      boolean answers = isolated;
      for (PlanRule rule : plan.rules()) {
        answers |= rule.policy().tier() == Tier.BASELINE
            && matches(rule, number, peer, direction, piece, withNames);
      }
      boolean open = tier(Tier.ADMIN, number, peer, direction, piece, withNames, answers);
      if (!open) {
        return;
      }
      for (PlanRule rule : plan.rules()) {
        if (isolated
            && rule.policy().tier() == Tier.NETWORK_POLICY
            && RuleLines.concerns(rule, direction)
            && matches(rule, number, peer, direction, piece, withNames)) {
          reached.add(rule.rule());
        }
      }
      if (!isolated) {
        tier(Tier.BASELINE, number, peer, direction, piece, withNames, false);
      }
    }

    /** Whether the tier leaves the piece to the next. */
    private boolean tier(
        Tier tier,
        int number,
        int peer,
        Direction direction,
        Traffic piece,
        boolean withNames,
        boolean answers) {
      for (int priority : priorities) {
        List<PlanRule> first = new ArrayList<>();
        Optional<Policy> last = Optional.empty();
        for (PlanRule rule : plan.rules()) {
          if (rule.policy().tier() == tier
              && rule.policy().priority() == priority
              && last.filter(p -> p == rule.policy()).isEmpty()
              && matches(rule, number, peer, direction, piece, withNames)) {
            first.add(rule);
            last = Optional.of(rule.policy());
          }
        }
        if (first.isEmpty()) {
          continue;
        }
        boolean denies = first.stream().anyMatch(rule -> rule.action() == Action.DENY);
        boolean passed = !denies && first.stream().anyMatch(rule -> rule.action() == Action.PASS);
        for (PlanRule one : first) {
          reached.add(one.rule());
          if (passed && one.action() == Action.PASS) {
            passes.add(one.rule());
            if (answers) {
              answered.add(one.rule());
            }
          }
          for (PlanRule other : first.subList(first.indexOf(one) + 1, first.size())) {
            if (one.action() != other.action() && !withNames && meet(number, peer)) {
              conflicts.add(new Pair(one.rule(), other.rule()));
            }
          }
        }
        return passed;
      }
      return true;
    }

    private boolean meet(int number, int peer) {
      Classes classes = plan.classes();
      for (int member : classes.members(number).toArray()) {
        Optional<Family> own = classes.endpoints().get(member).address().map(Address::family);
        if (classes.isOutside(peer)) {
          if (own.isEmpty() || own.get() == classes.range(peer).first().family()) {
            return true;
          }
          continue;
        }
        for (int other : classes.members(peer).toArray()) {
          End.InPod end = classes.endpoints().get(other);
          Optional<Family> its = end.address().map(Address::family);
          if (!end.equals(classes.endpoints().get(member))
              && (own.isEmpty() || its.isEmpty() || own.equals(its))) {
            return true;
          }
        }
      }
      return false;
    }
  }

  static boolean matches(
      PlanRule rule, int number, int peer, Direction direction, Traffic piece, boolean withNames) {
    if (rule.rule().direction() != direction) {
      return false;
    }
    List<Rectangle> all = new ArrayList<>(rule.rectangles());
    if (withNames) {
      all.addAll(rule.byName());
    }
    return all.stream()
        .anyMatch(r -> r.targets().contains(number)
            && r.peers().contains(peer)
            && r.traffic().containsAll(piece));
  }

  private static boolean has(List<Finding> findings, PolicyRule rule, Kind... kinds) {
    return findings.stream()
        .anyMatch(
            f -> f.rule().filter(r -> r == rule).isPresent() && List.of(kinds).contains(f.kind()));
  }

  /** Whether it is known of this rule, and of all that are about the same pods, whom they concern. */
  private static boolean isCertain(Plan plan, PlanRule rule) {
    return rule.isCertain()
        && plan.targets(rule.policy()).stream()
            .allMatch(number -> plan.isCertain(number, rule.rule().direction()));
  }

  @Property(tries = 200)
  void shadowsConflictsAndPassesToNowhereAreFoundExactly(@ForAll Cluster cluster) {
    Plan plan = Plan.of(cluster);
    List<Finding> findings = Anomalies.of(plan);
    Facts facts = new Facts(plan);
    Set<Pair> said = new HashSet<>();
    for (Finding finding : findings) {
      if (finding.kind() == Kind.CONFLICT) {
        said.add(new Pair(
            finding.rule().orElseThrow(), finding.because().get(0).rule().orElseThrow()));
        assertThat(finding.witness()).isPresent();
        assertThat(finding.policy().tier()).isNotEqualTo(Tier.NETWORK_POLICY);
        CONFLICTS.incrementAndGet();
      }
    }
    assertThat(said).isEqualTo(facts.conflicts);
    for (Finding finding : findings) {
      if (finding.kind() == Kind.SHADOWED_RULE) {
        assertThat(finding.because()).allSatisfy(cause -> {
          assertThat(cause.policy().tier()).isNotEqualTo(Tier.NETWORK_POLICY);
          assertThat(cause.policy().tier()).isLessThanOrEqualTo(finding.policy().tier());
        });
      }
    }
    for (PlanRule rule : plan.rules()) {
      boolean covers = !rule.rectangles().isEmpty() || !rule.byName().isEmpty();
      boolean counts = RuleLines.concerns(rule, rule.rule().direction());
      boolean shadowed = has(findings, rule.rule(), Kind.SHADOWED_RULE);
      boolean unreached = covers && counts && !facts.reached.contains(rule.rule());
      // What rules do to pods whose place is not known is no point of any class.
      if (shadowed || isCertain(plan, rule)) {
        assertThat(shadowed).as("%s %s", rule.policy(), rule.rule().field()).isEqualTo(unreached);
      }
      SHADOWED.addAndGet(shadowed ? 1 : 0);
      boolean nowhere = has(findings, rule.rule(), Kind.PASS_TO_NOWHERE);
      boolean isPass = rule.action() == Action.PASS
          && facts.passes.contains(rule.rule())
          && !facts.answered.contains(rule.rule());
      NOWHERE.addAndGet(nowhere ? 1 : 0);
      if (nowhere) {
        assertThat(isPass).isTrue();
      } else if (isPass) {
        assertThat(has(findings, rule.rule(), Kind.POINTLESS_RULE, Kind.SHADOWED_RULE)
                || findings.stream()
                    .anyMatch(f -> f.policy() == rule.policy() && f.rule().isEmpty()))
            .as("%s %s", rule.policy(), rule.rule().field())
            .isTrue();
      }
    }
  }

  /** An allow is half a path exactly if each pod at the other end denies each piece of it. */
  @Property(tries = 250)
  void halfAPathIsFoundExactly(@ForAll Cluster cluster) {
    Plan plan = Plan.of(cluster);
    List<Finding> findings = Anomalies.of(plan);
    for (PlanRule rule : plan.rules()) {
      Direction direction = rule.rule().direction();
      Direction other = direction == Direction.INGRESS ? Direction.EGRESS : Direction.INGRESS;
      boolean dead = rule.action() == Action.ALLOW
          && rule.isCertain()
          && !rule.rectangles().isEmpty()
          && RuleLines.concerns(rule, direction);
      for (Rectangle rectangle : rule.rectangles()) {
        for (int number : rectangle.targets().stream().toArray()) {
          for (int peer : rectangle.peers().stream().toArray()) {
            dead &= !plan.classes().isOutside(peer)
                && plan.possible(peer, number, other)
                    .intersect(rectangle.traffic())
                    .isEmpty();
          }
        }
      }
      boolean said = has(findings, rule.rule(), Kind.HALF_OPEN);
      if (said) {
        HALF.incrementAndGet();
        assertThat(dead).isTrue();
      } else if (dead) {
        assertThat(has(
                    findings,
                    rule.rule(),
                    Kind.REDUNDANT_RULE,
                    Kind.POINTLESS_RULE,
                    Kind.SHADOWED_RULE)
                || findings.stream()
                    .anyMatch(f -> f.policy() == rule.policy() && f.rule().isEmpty()))
            .as("%s %s", rule.policy(), rule.rule().field())
            .isTrue();
      }
    }
  }

  /** Where a redundant rule allows something that reaches it, one of those that are said to cover it does. */
  @Property(tries = 150)
  void whatIsSaidToCoverARedundantRuleCoversIt(@ForAll Cluster cluster) {
    Plan plan = Plan.of(cluster);
    for (Finding finding : Anomalies.of(plan)) {
      if (finding.kind() != Kind.REDUNDANT_RULE) {
        continue;
      }
      COVERED.incrementAndGet();
      PlanRule rule = plan.rules().stream()
          .filter(r -> r.rule() == finding.rule().orElseThrow())
          .findFirst()
          .orElseThrow();
      Facts facts = new Facts(plan);
      assertThat(finding.because()).isNotEmpty().doesNotHaveDuplicates();
      List<PlanRule> covers = plan.rules().stream()
          .filter(r -> finding.because().stream()
              .map(Cause::rule)
              .anyMatch(other -> other.orElseThrow() == r.rule()))
          .toList();
      for (Rectangle own : rule.rectangles()) {
        own.targets()
            .forEach(number -> own.peers().forEach(peer -> {
              Traffic left = own.traffic();
              for (PlanRule cover : covers) {
                for (Rectangle r : cover.rectangles()) {
                  if (r.targets().contains(number) && r.peers().contains(peer)) {
                    left = left.minus(r.traffic());
                  }
                }
              }
              if (!left.isEmpty()) {
                assertThat(reaches(facts, number, peer, rule, left)).isFalse();
              }
            }));
      }
    }
  }

  /** Whether some of the traffic is left to the NetworkPolicies by the Admin tier. */
  private static boolean reaches(Facts facts, int number, int peer, PlanRule rule, Traffic left) {
    Direction direction = rule.rule().direction();
    return facts.pieces.stream()
        .filter(left::containsAll)
        .anyMatch(piece -> facts.tier(Tier.ADMIN, number, peer, direction, piece, false, false));
  }
}
