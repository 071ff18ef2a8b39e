package dev.postern.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Action;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The two forms of the rule for policies of one priority, and what the rule says. */
class EqualPriorityTest {

  @Property(tries = 500)
  void bitsDecideLikeAnyAlgebraAndLikeTheWordsOfTheRule(@ForAll Random random) {
    EqualPriority<Long> general = new EqualPriority<>(Words.OF_64_FLOWS);
    EqualPriorityBits bits = new EqualPriorityBits();
    long rest = random.nextLong();
    long below = random.nextLong();
    long denied = 0;
    long passed = 0;
    long allowed = 0;
    for (int policy = random.nextInt(4); policy > 0; policy--) {
      general.nextPolicy();
      bits.nextPolicy();
      long open = -1;
      for (int rule = random.nextInt(4); rule > 0; rule--) {
        Action action = List.of(Action.values()).get(random.nextInt(3));
        long matches = random.nextLong() & random.nextLong();
        general.rule(action, matches);
        bits.rule(action, matches);
        long first = matches & open;
        open &= ~matches;
        denied |= action == Action.DENY ? first : 0;
        passed |= action == Action.PASS ? first : 0;
        allowed |= action == Action.ALLOW ? first : 0;
      }
    }
    long expected = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      long one = 1L << bit;
      long said = (denied & one) != 0
          ? 0
          : (passed & one) != 0 ? below & one : (allowed & one) != 0 ? one : rest & one;
      expected |= said;
    }
    assertThat(bits.then(rest, below)).isEqualTo(expected);
    assertThat(general.then(rest, below)).isEqualTo(expected);
    assertThat(bits.passed()).isEqualTo(general.passed()).isEqualTo(passed & ~denied);
    assertThat(bits.decided()).isEqualTo(general.decided());
  }
}
