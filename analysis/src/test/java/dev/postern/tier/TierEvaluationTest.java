package dev.postern.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Origin;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The tiers over the bits of a word, against the tiers flow by flow as the API's documents tell them. */
class TierEvaluationTest {

  private final Map<Policy, Long> selects = new IdentityHashMap<>();
  private final Map<PolicyRule, Long> matches = new IdentityHashMap<>();
  private final Map<Policy, Long> denies = new IdentityHashMap<>();

  private final class Bits implements TierEvaluation.Statements<Long> {
    @Override
    public Long selects(Policy policy) {
      return selects.get(policy);
    }

    @Override
    public Long matches(Policy policy, PolicyRule rule) {
      return matches.get(rule);
    }

    @Override
    public Long denies(Policy policy) {
      return denies.get(policy);
    }
  }

  @Property(tries = 1000)
  void eachFlowIsDecidedByTheFirstTierThatDecides(@ForAll Random random) {
    List<Policy> policies = new ArrayList<>();
    for (int i = random.nextInt(7); i > 0; i--) {
      policies.add(policy(random, i));
    }
    for (Direction direction : Direction.values()) {
      long passes = new TierEvaluation<>(Words.OF_64_FLOWS, new Bits()).passes(policies, direction);
      long expected = 0;
      for (int bit = 0; bit < Long.SIZE; bit++) {
        expected |= passes(policies, direction, 1L << bit) ? 1L << bit : 0;
      }
      assertThat(passes).isEqualTo(expected);
    }
  }

  private Policy policy(Random random, int number) {
    Tier tier = Tier.values()[random.nextInt(Tier.values().length)];
    boolean ordered = tier != Tier.NETWORK_POLICY;
    Set<Direction> isolates = EnumSet.noneOf(Direction.class);
    for (Direction direction : Direction.values()) {
      if (!ordered && random.nextInt(3) > 0) {
        isolates.add(direction);
      }
    }
    Policy policy = new Policy(
        ordered ? PolicyKind.CLUSTER_NETWORK_POLICY : PolicyKind.NETWORK_POLICY,
        ordered ? "" : "shop",
        "p" + number,
        tier,
        random.nextInt(3),
        new Subject(new NamespaceSelection.Named("shop"), Selector.EVERYTHING),
        isolates,
        rules(random, Direction.INGRESS, ordered),
        rules(random, Direction.EGRESS, ordered),
        Origin.NONE);
    selects.put(policy, random.nextInt(6) == 0 ? 0 : random.nextLong());
    denies.put(policy, random.nextInt(3) > 0 ? -1 : random.nextLong());
    return policy;
  }

  private List<PolicyRule> rules(Random random, Direction direction, boolean ordered) {
    List<PolicyRule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Peers peers = random.nextInt(4) > 0
          ? Peers.EVERYONE
          : new Peers.AnyOf(List.of(new Peer.Unknown(Origin.NONE)));
      PolicyRule rule = new PolicyRule(
          direction,
          rules.size(),
          "",
          ordered ? Action.values()[random.nextInt(3)] : Action.ALLOW,
          peers,
          Ports.ALL,
          Origin.NONE);
      matches.put(rule, random.nextLong() & random.nextLong());
      rules.add(rule);
    }
    return rules;
  }

  private boolean passes(List<Policy> policies, Direction direction, long flow) {
    Action admin = ordered(policies, Tier.ADMIN, direction, flow);
    if (admin != Action.PASS) {
      return admin == Action.ALLOW;
    }
    boolean isolated = false;
    for (Policy policy : policies) {
      if (policy.tier() == Tier.NETWORK_POLICY
          && policy.isolates().contains(direction)
          && holds(selects.get(policy), flow)) {
        isolated |= holds(denies.get(policy), flow);
        for (PolicyRule rule : policy.rules(direction)) {
          if (holds(matches.get(rule), flow)) {
            return true;
          }
        }
      }
    }
    return !isolated && ordered(policies, Tier.BASELINE, direction, flow) != Action.DENY;
  }

  /** The action of an ordered tier; Pass where none of its rules decides. */
  private Action ordered(List<Policy> policies, Tier tier, Direction direction, long flow) {
    Set<Integer> priorities = new TreeSet<>();
    policies.forEach(policy -> priorities.add(policy.priority()));
    for (int priority : priorities) {
      Set<Action> actions = EnumSet.noneOf(Action.class);
      for (Policy policy : policies) {
        if (policy.tier() == tier
            && policy.priority() == priority
            && holds(selects.get(policy), flow)) {
          policy.rules(direction).stream()
              .filter(rule -> holds(matches.get(rule), flow))
              .findFirst()
              .map(TierEvaluationTest::action)
              .filter(action -> action != Action.DENY || holds(denies.get(policy), flow))
              .ifPresent(actions::add);
        }
      }
      for (Action strict : List.of(Action.DENY, Action.PASS, Action.ALLOW)) {
        if (actions.contains(strict)) {
          return strict;
        }
      }
    }
    return Action.PASS;
  }

  private static Action action(PolicyRule rule) {
    boolean unknown = rule.peers() instanceof Peers.AnyOf;
    return unknown && rule.action() == Action.PASS ? Action.DENY : rule.action();
  }

  private static boolean holds(long flows, long flow) {
    return (flows & flow) != 0;
  }
}
