package dev.postern.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.cluster.Cluster;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.policy.Tier;
import dev.postern.testing.Tries;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** What the tiers decide, one after the other, is what the table says of all of them together. */
class TiersComeToTheTableTest {

  private static final AtomicInteger ADMIN = new AtomicInteger();
  private static final AtomicInteger BASELINE = new AtomicInteger();

  @AfterContainer
  static void everyTierWasThere() {
    assertThat(ADMIN).hasValueGreaterThan(Tries.share(50));
    assertThat(BASELINE).hasValueGreaterThan(Tries.share(50));
  }

  @Property(tries = 500)
  void atEveryProfile(@ForAll Cluster cluster) {
    Plan plan = Plan.of(cluster);
    Region everything = Region.of(plan.classes().everyone(), Traffic.ALL);
    for (Direction direction : Direction.values()) {
      ClassSet placed = plan.classes().everyone().minus(misplaced(plan, direction));
      for (int profile = 0; profile < plan.profiles(direction); profile++) {
        Region allowed = Region.EMPTY;
        Region left = everything;
        for (Tier tier : Tier.values()) {
          TierDecision decided = plan.decided(profile, direction, tier);
          assertThat(decided.allowed().intersect(decided.denied())).isEqualTo(Region.EMPTY);
          allowed = allowed.union(left.intersect(decided.allowed()));
          left = left.minus(decided.allowed()).minus(decided.denied());
          if (!decided.equals(TierDecision.NOTHING)) {
            ADMIN.addAndGet(tier == Tier.ADMIN ? 1 : 0);
            BASELINE.addAndGet(tier == Tier.BASELINE ? 1 : 0);
          }
        }
        assertThat(allowed.union(left).at(placed))
            .isEqualTo(plan.ofProfile(profile, direction).allowed().at(placed));
      }
    }
  }

  /** Peers of which it is not known where they are, so that no tier alone decides about them. */
  private static ClassSet misplaced(Plan plan, Direction direction) {
    return ClassSet.union(plan.rules().stream()
        .filter(rule -> rule.rule().direction() == direction)
        .flatMap(rule -> rule.byPlace().stream())
        .map(in -> in.rectangle().peers())
        .toList());
  }
}
