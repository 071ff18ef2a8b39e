package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.openflow.reader.FlowReader;
import org.junit.jupiter.api.Test;

/** A packet from 10.0.0.1 to 10.0.0.2, TCP port 80, that meets a conjunction whose flow has a lower priority, as Antrea's have. */
class ConjunctionFlowsTest {

  private static EnforcedRules read(String... flows) {
    return FlowReader.read(String.join("\n", flows) + "\n", "flows", OpenFlow.FIRST_TABLE)
        .rules();
  }

  private static Fate verdict(String... flows) {
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.TCP, 80);
    return new Interpreter(read(flows)).walk(packet).fate();
  }

  @Test
  void anOrdinaryFlowBetweenAConjunctionAndItsFlowActs() {
    String result = "table=0,priority=7,conj_id=4,ip actions=NORMAL";
    String one = "table=0,priority=9,ip,nw_src=10.0.0.1 actions=conjunction(4,1/2)";
    String two = "table=0,priority=9,tcp,tp_dst=80 actions=conjunction(4,2/2)";
    assertThat(verdict(result, one, two)).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(result, one, two, "table=0,priority=8,conj_id=5,ip actions=drop"))
        .isEqualTo(Fate.ACCEPT);
    assertThat(verdict(result, one, two, "table=0,priority=8,tcp actions=drop"))
        .isEqualTo(Fate.DROP);
    assertThat(verdict(result, one, two, "table=0,priority=7,tcp actions=drop"))
        .isEqualTo(Fate.UNKNOWN);
    assertThat(verdict(result, one, two, "table=0,priority=6,tcp actions=drop"))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void aConjunctionOfAllSourcesLeadsStraightToItsFlow() {
    EnforcedRules rules = read(
        "table=0,priority=190,conj_id=4,ip actions=NORMAL",
        "table=0,priority=200,reg1=0xa actions=conjunction(4,1/2)",
        "table=0,priority=200,tcp,tp_dst=80 actions=conjunction(4,2/2)",
        "table=0,priority=200,udp,tp_dst=53 actions=conjunction(4,2/2)");
    assertThat(rules.chains().values())
        .allSatisfy(chain ->
            assertThat(chain.rules()).noneMatch(rule -> rule.action() instanceof RuleAction.Jump));
  }
}
