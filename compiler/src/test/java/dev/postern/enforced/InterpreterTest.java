package dev.postern.enforced;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InterpreterTest {

  private static final Packet WEB =
      Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.TCP, 80);
  private static final Condition FROM_TEN = new Condition.SourceAddress(net("10.0.0.0/8"));
  private static final Condition FROM_ELEVEN = new Condition.SourceAddress(net("11.0.0.0/8"));

  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final List<Stage> stages = new ArrayList<>();

  private static AddressSet net(String cidr) {
    return AddressSet.of(Cidr.parse(cidr));
  }

  private static EnforcedRule rule(Condition condition, RuleAction action) {
    return new EnforcedRule(condition, action, action.toString(), Origin.NONE);
  }

  private void chain(String name, EnforcedRule... rules) {
    chains.put(name, new Chain(name, Arrays.asList(rules)));
  }

  private void stage(String chain, Ending otherwise) {
    stages.add(new Stage(chain, Condition.ALWAYS, chain, otherwise));
  }

  private Passage walk(Packet packet) {
    return new Interpreter(new EnforcedRules(stages, chains)).walk(packet);
  }

  private Passage.Fate verdict(Packet packet) {
    return walk(packet).fate();
  }

  @Test
  void aPacketThatNoRuleDecidesMeetsTheStagesEnding() {
    chain("forward", rule(FROM_ELEVEN, RuleAction.ACCEPT));
    stage("forward", Ending.DROP);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.DROP);
  }

  @Test
  void anAcceptedPacketGoesOnToTheNextStage() {
    chain("one", rule(Condition.ALWAYS, RuleAction.ACCEPT));
    chain("two", rule(FROM_TEN, RuleAction.DROP));
    stage("one", Ending.DROP);
    stage("two", Ending.ACCEPT);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.DROP);
  }

  @Test
  void aJumpComesBackAndAGotoDoesNot() {
    chain("jumps", rule(FROM_TEN, new RuleAction.Jump("empty")), rule(FROM_TEN, RuleAction.DROP));
    chain("goes", rule(FROM_TEN, new RuleAction.Goto("empty")), rule(FROM_TEN, RuleAction.DROP));
    chain("empty");
    stage("goes", Ending.ACCEPT);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.ACCEPT);
    stage("jumps", Ending.ACCEPT);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.DROP);
  }

  @Test
  void aGotoInsideAJumpComesBackToTheJumper() {
    chain("first", rule(FROM_TEN, new RuleAction.Jump("second")), rule(FROM_TEN, RuleAction.DROP));
    chain(
        "second", rule(FROM_TEN, new RuleAction.Goto("third")), rule(FROM_TEN, RuleAction.ACCEPT));
    chain("third");
    stage("first", Ending.ACCEPT);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.DROP);
  }

  @Test
  void returnInAFirstChainIsTheStagesEnding() {
    chain("forward", rule(FROM_TEN, RuleAction.RETURN), rule(Condition.ALWAYS, RuleAction.ACCEPT));
    stage("forward", Ending.DROP);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.DROP);
  }

  @Test
  void marksOfOneStageAreSeenInTheNext() {
    chain(
        "mangle",
        rule(
            Condition.ALWAYS,
            new RuleAction.MapMark(
                true,
                List.of(
                    new RuleAction.MapMark.Entry(net("10.0.0.1/32"), 0x50, 0xf0),
                    new RuleAction.MapMark.Entry(net("10.0.0.0/8"), 0x60, 0xf0)))),
        rule(Condition.ALWAYS, new RuleAction.SetMark(0x3, 0xf)));
    chain("filter", rule(new Condition.Mark(0x53, 0xff), RuleAction.DROP));
    stage("mangle", Ending.ACCEPT);
    stage("filter", Ending.ACCEPT);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.DROP);
  }

  @Test
  void portsAreForProtocolsThatHaveThem() {
    chain("forward", rule(new Condition.DestinationPort(0, 65535), RuleAction.DROP));
    stage("forward", Ending.ACCEPT);
    Packet ping = Packet.opening(WEB.source(), WEB.destination(), Protocol.OTHER, 0);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.DROP);
    assertThat(verdict(ping)).isEqualTo(Passage.Fate.ACCEPT);
  }

  @Test
  void connectionStateAndDirectionAreSeen() {
    Condition replies = Condition.all(
        new Condition.State(Set.of(ConnectionState.ESTABLISHED)), new Condition.Reply());
    chain("forward", rule(replies, RuleAction.ACCEPT));
    stage("forward", Ending.DROP);
    assertThat(verdict(WEB.in(ConnectionState.ESTABLISHED, true))).isEqualTo(Passage.Fate.ACCEPT);
    assertThat(verdict(WEB.in(ConnectionState.ESTABLISHED, false))).isEqualTo(Passage.Fate.DROP);
  }

  @Test
  void interfacesAreNamedInFullOrByTheirBeginning() {
    chain("forward", rule(new Condition.InInterface("cali", true), RuleAction.DROP));
    stage("forward", Ending.ACCEPT);
    assertThat(verdict(WEB.through("cali12", "eth0"))).isEqualTo(Passage.Fate.DROP);
    assertThat(verdict(WEB.through("eth0", "cali12"))).isEqualTo(Passage.Fate.ACCEPT);
  }

  @Test
  void whatIsNotUnderstoodMattersOnlyWhereTheVerdictDependsOnIt() {
    Condition unknown = new Condition.Unknown("-m string");
    chain(
        "forward",
        rule(unknown, new RuleAction.SetMark(1, 1)),
        rule(new Condition.Mark(1, 1), new RuleAction.Jump("marked")),
        rule(FROM_TEN, RuleAction.DROP));
    chain("marked", rule(new Condition.DestinationPort(443, 443), RuleAction.ACCEPT));
    stage("forward", Ending.ACCEPT);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.DROP);
    Packet tls = Packet.opening(WEB.source(), WEB.destination(), Protocol.TCP, 443);
    Passage passage = walk(tls);
    assertThat(passage.fate()).isEqualTo(Passage.Fate.UNKNOWN);
    assertThat(passage.hits()).anyMatch(hit -> !hit.understood());
  }

  @Test
  void anActionThatIsNotUnderstoodMayDoAnything() {
    chain(
        "forward",
        rule(FROM_TEN, new RuleAction.Unknown("-j NFQUEUE")),
        rule(FROM_TEN, RuleAction.DROP));
    stage("forward", Ending.ACCEPT);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.UNKNOWN);
  }

  @Test
  void whatIsQueuedIsDecidedInUserSpaceWhateverFollows() {
    chain("forward", rule(FROM_TEN, new RuleAction.Queue(1, 1, false)));
    chain("late", rule(FROM_TEN, RuleAction.DROP));
    stage("forward", Ending.ACCEPT);
    assertThat(verdict(WEB)).isEqualTo(Passage.Fate.QUEUED);
    assertThat(given(Ending.ACCEPT)).isEqualTo(Passage.Fate.ACCEPT);
    assertThat(given(Ending.DROP)).isEqualTo(Passage.Fate.DROP);
    stage("late", Ending.ACCEPT);
    assertThat(given(Ending.ACCEPT)).isEqualTo(Passage.Fate.DROP);
  }

  private Passage.Fate given(Ending userSpace) {
    return new Interpreter(new EnforcedRules(stages, chains), Optional.of(userSpace))
        .walk(WEB)
        .fate();
  }

  @Test
  void theTraceHoldsTheRulesThatActed() {
    chain(
        "forward",
        rule(FROM_ELEVEN, RuleAction.DROP),
        rule(FROM_TEN, new RuleAction.Jump("pods")),
        rule(FROM_TEN, RuleAction.DROP));
    chain("pods", rule(FROM_TEN, RuleAction.CONTINUE));
    stage("forward", Ending.ACCEPT);
    assertThat(walk(WEB).hits())
        .extracting(Passage.Hit::chain)
        .containsExactly("forward", "pods", "forward");
  }

  @Test
  void chainsThatLeadBackToThemselvesAreRefused() {
    chain("one", rule(FROM_TEN, new RuleAction.Jump("two")));
    chain("two", rule(FROM_TEN, new RuleAction.Goto("one")));
    assertThatThrownBy(() -> new EnforcedRules(stages, chains)).hasMessageContaining("[one, two]");
  }
}
