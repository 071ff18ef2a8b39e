package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.enforced.RuleAction;
import dev.postern.plan.Plan;
import dev.postern.prove.PacketReplay.Ought;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Rules that hand packets to a program in user space: only what they decide themselves can be wrong, and what is handed over is neither
 * proved nor refuted. Sets and Z3 agree on it, or the prover throws.
 */
class UserSpaceTest {

  private static final Map<Verdict, Integer> SEEN = new EnumMap<>(Verdict.class);

  @AfterContainer
  static void enoughOfEach() {
    System.out.println("with queues: " + SEEN);
    assertThat(SEEN.getOrDefault(Verdict.QUEUED, 0)).isGreaterThan(Tries.share(40));
    assertThat(SEEN.getOrDefault(Verdict.DIFFERS, 0)).isGreaterThan(Tries.share(10));
    assertThat(SEEN).doesNotContainKey(Verdict.UNKNOWN);
  }

  /** Right rules some of whose decisions are left to a program, with or without a mistake elsewhere. */
  @Property(tries = 300)
  void onlyWhatTheRulesDecideCanBeWrong(
      @ForAll("clusters") Cluster cluster,
      @ForAll NaiveCompiler.Style style,
      @ForAll Mutants.Kind kind,
      @ForAll boolean mutate,
      @ForAll Random random) {
    Plan plan = Plan.of(cluster);
    EnforcedRules right = RuleText.parse(NaiveCompiler.compile(plan, Scope.CLUSTER, style));
    EnforcedRules queueing = queueing(right, random);
    Optional<EnforcedRules> mutant =
        mutate ? new Mutants(random).mutate(queueing, kind) : Optional.empty();
    EnforcedRules rules = mutant.orElse(queueing);
    Claim claim = new Claim(plan, Scope.CLUSTER, rules, Contract.STRICT);

    Proof proof =
        Prover.prove(plan, Scope.CLUSTER, rules, Contract.STRICT, EnumSet.allOf(Way.class));

    SEEN.merge(proof.verdict(), 1, Integer::sum);
    assertThat(mutant.isPresent() || proof.verdict() != Verdict.DIFFERS)
        .as(() -> String.valueOf(proof.difference()))
        .isTrue();
    if (proof.verdict() == Verdict.QUEUED) {
      assertThat(proof.difference().orElseThrow().passage().fate()).isEqualTo(Fate.QUEUED);
    }
    tried(claim, proof.verdict(), random);
  }

  /** By packets alone: none is wrong that the rules decide, and where the rules are proved none is queued that matters. */
  private static void tried(Claim claim, Verdict verdict, Random random) {
    if (verdict == Verdict.DIFFERS) {
      return;
    }
    BruteForce packets = new BruteForce(claim, random);
    PacketReplay replay = packets.replay();
    Interpreter plain = new Interpreter(claim.rules());
    Interpreter accepting = new Interpreter(claim.rules(), Optional.of(Ending.ACCEPT));
    Interpreter dropping = new Interpreter(claim.rules(), Optional.of(Ending.DROP));
    for (int i = 0; i < 400; i++) {
      Packet packet = packets.packet();
      if (packet.state() == ConnectionState.INVALID) {
        continue;
      }
      Ought ought = packet.state() == ConnectionState.NEW
          ? replay.ought(packet, replay.judge(packet))
          : Ought.PASS;
      if (ought == Ought.PASS) {
        assertThat(accepting.walk(packet).fate()).as("%s", packet).isEqualTo(Fate.ACCEPT);
      } else if (ought == Ought.DROP) {
        assertThat(dropping.walk(packet).fate()).as("%s", packet).isEqualTo(Fate.DROP);
      }
      if (verdict == Verdict.PROVED && ought != Ought.EITHER) {
        Fate fate = (ought == Ought.PASS ? dropping : accepting).walk(packet).fate();
        assertThat(fate)
            .as("%s: %s", packet, plain.walk(packet))
            .isEqualTo(ought == Ought.PASS ? Fate.ACCEPT : Fate.DROP);
      }
    }
  }

  private static EnforcedRules queueing(EnforcedRules rules, Random random) {
    Map<String, Chain> chains = new LinkedHashMap<>();
    int share = 1 + random.nextInt(4);
    rules.chains().forEach((name, chain) -> {
      List<EnforcedRule> list = new ArrayList<>();
      for (EnforcedRule rule : chain.rules()) {
        boolean decides =
            rule.action() instanceof RuleAction.Accept || rule.action() instanceof RuleAction.Drop;
        list.add(
            decides && random.nextInt(share) == 0
                ? new EnforcedRule(
                    rule.condition(),
                    new RuleAction.Queue(7, 7, random.nextBoolean()),
                    rule.text(),
                    rule.origin())
                : rule);
      }
      chains.put(name, new Chain(name, list));
    });
    return new EnforcedRules(rules.stages(), chains);
  }

  @Provide
  Arbitrary<Cluster> clusters() {
    return Clusters.of(ProverTest.PROFILE.sized(new Profile.Size(2, 5, 2, 8, 3)))
        .filter(cluster -> cluster.policies().size() > 1 && !cluster.workloads().isEmpty());
  }
}
