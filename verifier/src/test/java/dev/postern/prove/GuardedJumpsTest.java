package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.policy.Direction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    EnforcedRule rule = parsed.chain(chain).rules().get(number);
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
  void ofSeveralConditionsTheOneThatGuardsCounts() {
    assertThat(side("src 10.0.0.1 tcp 80 jump deny\n", "forward", 0)).contains(Direction.EGRESS);
    assertThat(side("tcp 80 dst 10.0.0.1 jump deny\n", "forward", 0)).contains(Direction.INGRESS);
    assertThat(side("dst 10.0.0.1 tcp 80 jump deny\n", "forward", 0)).contains(Direction.INGRESS);
    assertThat(side("src 10.0.0.0/23 tcp 80 jump deny\n", "forward", 0)).isEmpty();
    assertThat(side("src 10.0.0.1 mark 0x10/0x10 jump deny\n", "forward", 0)).isEmpty();
    assertThat(side("src 10.0.0.1 dst 10.0.0.2 jump deny\n", "forward", 0))
        .contains(Direction.EGRESS);
    assertThat(side("dst 10.0.0.2 src 10.0.0.1 jump deny\n", "forward", 0))
        .contains(Direction.EGRESS);
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
    assertThat(side("src 10.0.0.1 jump out\n" + marks, "forward", 0)).contains(Direction.EGRESS);
    String some = "chain out\ntcp 80 mark-set 1/1\n";
    assertThat(side("src 10.0.0.1 jump out\n" + some, "forward", 0)).isEmpty();
    assertThat(side("src 10.0.0.1 jump out\nmark-set 0/1\n" + some, "forward", 0))
        .contains(Direction.EGRESS);
    assertThat(side("src 10.0.0.1 jump out\nmark-set 0/2\n" + some, "forward", 0))
        .isEmpty();
    assertThat(side("src 10.0.0.1 jump out\ntcp 80 mark-set 0/1\n" + some, "forward", 0))
        .isEmpty();
  }

  /** Else a set bit would be taken for what somebody else set it for. */
  @Test
  void aMarkThatPacketsComeBackWithStandsForNothing() {
    String marks = "jump note\nmark-map src 10.0.0.1=0x10/0xff\nmark 0x10/0x10 jump deny\n";
    assertThat(side(marks + "chain note\nmark-set 0x10/0xff\nmark-set 0/0xff\n", "forward", 2))
        .contains(Direction.EGRESS);
    for (String early : List.of("return", "goto empty")) {
      String note =
          "chain empty\nchain note\nmark-set 0x10/0xff\ntcp 80 " + early + "\nmark-set 0/0xff\n";
      assertThat(side(marks + note, "forward", 2)).as(early).isEmpty();
    }
  }

  @Test
  void aMarkThatPacketsAreAcceptedWithStandsForNothingInTheNextStage() {
    String rules = """
        stage first first accept
        stage filter forward accept
        chain first
        mark-set 0x10/0xff
        tcp 80 accept
        mark-set 0/0xff
        chain forward
        mark-map src 10.0.0.1=0x10/0xff
        mark 0x10/0x10 jump deny
        """ + CHAINS;
    EnforcedRules parsed = RuleText.parse(rules);
    EnforcedRule rule = parsed.chain("forward").rules().get(1);
    assertThat(new GuardedJumps(parsed, POLICED).of(rule)).isEmpty();
  }

  @Test
  void aJumpToAChainThatAcceptsIsOneWhereSomebodyKnowsThatItAcceptsNoneThatMatter() {
    EnforcedRules rules = RuleText.parse(
        "stage filter forward accept\nchain forward\nsrc 10.0.0.1 jump out\nchain out\nsrc 192.168.0.1 accept\ndrop\n");
    EnforcedRule rule = rules.chain("forward").rules().get(0);
    GuardedJumps unknown = new GuardedJumps(rules, POLICED);
    assertThat(unknown.of(rule)).isEmpty();
    assertThat(unknown.isDoubtful()).isTrue();
    assertThat(new GuardedJumps(rules, POLICED, jump -> jump == rule).of(rule))
        .contains(Direction.EGRESS);
  }

  @Test
  void whatAChainDoesToTheMarkOfAllThatComeBackIsDoneWithoutIt() {
    String jump = "stage filter forward accept\nchain forward\nsrc 10.0.0.1 jump out\nchain out\n";
    assertThat(left(jump + "tcp 80 return\ndrop\n")).isEmpty();
    assertThat(left(jump + "tcp 80 drop\nmark-set 0x10/0x30\n"))
        .contains(new RuleAction.SetMark(0x10, 0x30));
    assertThat(left(jump + "tcp 80 mark-set 0x40/0x40\nmark-set 0x10/0x70\n"))
        .contains(new RuleAction.SetMark(0x10, 0x70));
    assertThat(left(jump + "jump note\nchain note\nmark-set 0x10/0x10\nreturn\n"))
        .contains(new RuleAction.SetMark(0x10, 0x10));
    // It depends: such a jump is not left out.
    for (String depends : List.of(
        "tcp 80 mark-set 0x10/0x10\n",
        "tcp 80 return\nmark-set 0x10/0x10\n",
        "mark-set 0x10/0\n",
        "mark-lose 0x10\n",
        "tcp 80 goto note\nchain note\nmark-set 0x10/0x10\n")) {
      assertThat(left(jump + depends)).as(depends).containsInstanceOf(RuleAction.Jump.class);
    }
  }

  /** What a question about ingress has for the first rule. */
  private static Optional<RuleAction> left(String text) {
    EnforcedRules rules = RuleText.parse(text);
    return new GuardedJumps(rules, POLICED)
        .seenFrom(Set.of(Direction.INGRESS), rules.chain("forward").rules().get(0))
        .map(EnforcedRule::action);
  }
}
