package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.policy.Direction;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which jumps a question about one side can leave out: 10.0.0.0/24 is policed. */
class GuardedJumpsTest {

  private static final AddressSet POLICED = AddressSet.of(Cidr.parse("10.0.0.0/24"));

  private static final String CHAINS = """
      chain deny
        drop
      """;

  private static Optional<Direction> side(String rules, String chain, int number) {
    EnforcedRules parsed =
        RuleText.parse("stage filter forward accept\nchain forward\n" + rules + CHAINS);
    Rule rule = parsed.chain(chain).rules().get(number);
    return new GuardedJumps(parsed, POLICED).of(rule);
  }

  @Test
  void aJumpOfPolicedSourcesIsAboutEgressAndOneOfPolicedDestinationsAboutIngress() {
    assertThat(side("src 10.0.0.1 jump deny\n", "forward", 0)).contains(Direction.EGRESS);
    assertThat(side("dst 10.0.0.1 jump deny\n", "forward", 0)).contains(Direction.INGRESS);
  }

  @Test
  void aJumpThatOthersTakeTooIsAboutNoSide() {
    assertThat(side("src 10.0.0.0/23 jump deny\n", "forward", 0)).isEmpty();
    assertThat(side("not src 10.0.0.1 jump deny\n", "forward", 0)).isEmpty();
    assertThat(side("jump deny\n", "forward", 0)).isEmpty();
  }

  @Test
  void aMarkStandsForTheAddressesThatSetIt() {
    String marks = "mark-map dst 10.0.0.1=0x10/0xff 10.0.0.2=0x30/0xff\n";
    assertThat(side(marks + "mark 0x10/0x10 jump deny\n", "forward", 1))
        .contains(Direction.INGRESS);
    assertThat(side(marks + "not mark 0/0xff jump deny\n", "forward", 1))
        .contains(Direction.INGRESS);
    assertThat(side(marks + "mark 0/0x10 jump deny\n", "forward", 1)).isEmpty();
  }

  @Test
  void aMarkThatSomethingElseSetsTooStandsForNothing() {
    String marks = "mark-map dst 10.0.0.1=0x10/0xff\ntcp 80 mark-set 0x10/0xff\n";
    assertThat(side(marks + "mark 0x10/0x10 jump deny\n", "forward", 2)).isEmpty();
    String both = "mark-map dst 10.0.0.1=0x10/0xff\nmark-map src 10.0.0.1=0x10/0xff\n";
    assertThat(side(both + "mark 0x10/0x10 jump deny\n", "forward", 2)).isEmpty();
  }

  @Test
  void aMarkThatIsOverwrittenStandsForWhatCameLast() {
    String marks =
        "mark-map dst 10.0.0.1=0x10/0xff\nmark-set 0/0xff\nmark-map src 10.0.0.1=0x10/0xff\n";
    assertThat(side(marks + "mark 0x10/0x10 jump deny\n", "forward", 3)).contains(Direction.EGRESS);
  }

  /** Else questions about either side would leave out what it drops. */
  @Test
  void aGuardBehindAGuardIsNone() {
    String nested = "src 10.0.0.1 jump out\nchain out\ndst 10.0.0.2 jump deny\n";
    assertThat(side(nested, "forward", 0)).contains(Direction.EGRESS);
    assertThat(side(nested, "out", 0)).isEmpty();
    String alsoAtFirst = "jump out\nsrc 10.0.0.1 jump out\nchain out\ndst 10.0.0.2 jump deny\n";
    assertThat(side(alsoAtFirst, "out", 0)).isEmpty();
  }

  @Test
  void aJumpToAChainThatLetsPassOrMarksForOthersIsNone() {
    assertThat(side("src 10.0.0.1 jump out\nchain out\naccept\n", "forward", 0)).isEmpty();
    String marks = "chain out\nmark-set 1/1\n";
    assertThat(side("src 10.0.0.1 jump out\n" + marks, "forward", 0)).isEmpty();
    assertThat(side("src 10.0.0.1 jump out\nmark-set 0/1\n" + marks, "forward", 0))
        .contains(Direction.EGRESS);
    assertThat(side("src 10.0.0.1 jump out\nmark-set 0/2\n" + marks, "forward", 0))
        .isEmpty();
    assertThat(side("src 10.0.0.1 jump out\ntcp 80 mark-set 0/1\n" + marks, "forward", 0))
        .isEmpty();
  }
}
