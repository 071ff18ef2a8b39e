package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.openflow.reader.FlowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows of others are read as Open vSwitch does them: a packet from 10.0.0.1 to 10.0.0.2, TCP port 80. */
class FlowReaderTest {

  private static final Packet PACKET =
      Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.TCP, 80);

  private static EnforcedRules read(String... flows) {
    return FlowReader.read(String.join("\n", flows) + "\n", "flows", OpenFlow.FIRST_TABLE)
        .rules();
  }

  private static Passage walk(String... flows) {
    return new Interpreter(read(flows)).walk(PACKET);
  }

  private static Fate verdict(String... flows) {
    return walk(flows).fate();
  }

  @Test
  void packetsComeIntoTableZeroAndNowhereElse() {
    assertThat(verdict("table=0,priority=0 actions=NORMAL", "table=100,priority=9 actions=drop"))
        .isEqualTo(Fate.ACCEPT);
    assertThat(verdict("table=100,priority=9 actions=NORMAL")).isEqualTo(Fate.DROP);
  }

  @Test
  void aTableWithoutFlowsDrops() {
    assertThat(verdict("table=0 actions=resubmit(,7)")).isEqualTo(Fate.DROP);
  }

  @Test
  void aBundleIsReadFromItsOwnFirstTable() {
    assertThat(verdict("add table=100,priority=9 actions=NORMAL")).isEqualTo(Fate.ACCEPT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "load:0x1->NXM_NX_REG2[]|reg2=1",
        "set_field:0x12->reg1|reg1=0x2/0xf",
        "set_field:0x10/0xf0->reg0|reg0=0x10",
        "load:0x3->NXM_NX_REG0[4..7]|reg0=0x30",
        "load:0x1->NXM_NX_XXREG0[0..3],set_field:0x2->reg0|xreg0=0x200000000",
        "set_field:0x1->xreg1|reg3=1",
        "set_field:0x1->reg3,move:NXM_NX_REG3[]->NXM_NX_REG4[]|reg4=1",
        "set_field:0x5->reg3,move:NXM_NX_REG3[2]->NXM_NX_REG4[0]|reg4=1",
        "write_metadata:0x5/0xf|metadata=0x5",
        "set_field:0x7->metadata|metadata=0x3/0x3",
        "set_field:0x1->tun_id|tun_id=0x1",
        "note:00.00|reg15=0"
      })
  void eachRegisterIsItself(String write, String match) {
    String first = "table=0 actions=" + write + ",resubmit(,1)";
    assertThat(verdict(first, "table=1,priority=5," + match + " actions=NORMAL"))
        .isEqualTo(Fate.ACCEPT);
    assertThat(
            verdict(first, "table=1,priority=5," + match + " actions=drop", "table=1 actions=drop"))
        .isEqualTo(Fate.DROP);
  }

  @Test
  void whatOneRegisterHoldsIsNotInAnother() {
    assertThat(verdict(
            "table=0 actions=set_field:0x1->reg2,resubmit(,1)",
            "table=1,priority=5,reg1=0x1 actions=drop",
            "table=1,priority=0 actions=NORMAL"))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void everyResubmitRunsAndThenTheNextAction() {
    assertThat(verdict("table=0 actions=resubmit(,1),NORMAL", "table=1 actions=drop"))
        .isEqualTo(Fate.ACCEPT);
    assertThat(verdict(
            "table=0 actions=resubmit(,1),resubmit(,2)",
            "table=1 actions=set_field:0x1->reg0",
            "table=2,reg0=1 actions=NORMAL"))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void aCloneLeavesThePacketAsItWas() {
    assertThat(verdict(
            "table=0 actions=clone(set_field:0x1->reg0,resubmit(,1)),resubmit(,2)",
            "table=1,reg0=1 actions=drop",
            "table=2,priority=5,reg0=0 actions=NORMAL"))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void exitEndsWhatWasToCome() {
    assertThat(verdict("table=0 actions=resubmit(,1),NORMAL", "table=1 actions=exit"))
        .isEqualTo(Fate.DROP);
  }

  @Test
  void actionsThatAreKeptAreDoneAtTheEnd() {
    assertThat(
            verdict("table=0 actions=write_actions(output:1),goto_table:1", "table=1 actions=drop"))
        .isEqualTo(Fate.ACCEPT);
    assertThat(verdict(
            "table=0 actions=write_actions(output:1),goto_table:1",
            "table=1 actions=clear_actions"))
        .isEqualTo(Fate.DROP);
  }

  @Test
  void aConjunctionNeedsAllOfItsClauses() {
    String result = "table=0,priority=9,conj_id=4,tcp actions=NORMAL";
    String one = "table=0,priority=9,tcp,nw_src=10.0.0.1 actions=conjunction(4,1/3)";
    String two = "table=0,priority=9,tcp,nw_dst=10.0.0.2 actions=conjunction(4,2/3)";
    String three = "table=0,priority=9,tcp,tp_dst=80 actions=conjunction(4,3/3)";
    assertThat(verdict(result, one, two, three)).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(result, one, two)).isEqualTo(Fate.DROP);
    assertThat(verdict(result, one, two, three.replace("priority=9", "priority=8")))
        .isEqualTo(Fate.DROP);
  }

  @Test
  void anOrdinaryFlowAboveAConjunctionActsFirst() {
    assertThat(verdict(
            "table=0,priority=9,conj_id=4,tcp actions=NORMAL",
            "table=0,priority=9,tcp,nw_src=10.0.0.1 actions=conjunction(4,1/2)",
            "table=0,priority=9,tcp,tp_dst=80 actions=conjunction(4,2/2)",
            "table=0,priority=10,tcp actions=drop"))
        .isEqualTo(Fate.DROP);
  }

  @Test
  void whichOfTwoFlowsOfOnePriorityActsIsNotSaid() {
    Passage passage = walk(
        "table=0,priority=9,tcp,tp_dst=80 actions=drop", "table=0,priority=9,tcp actions=NORMAL");
    assertThat(passage.fate()).isEqualTo(Fate.UNKNOWN);
    assertThat(passage.hits().toString()).contains("lines 1 and 2");
  }

  @Test
  void aConnectionThatNobodyRemembersLosesItsAnswers() {
    String ct = "table=0,ip actions=ct(table=1)";
    String known = "table=1,priority=9,ct_state=+est+trk,ip actions=NORMAL";
    String rule = "table=1,priority=5,ip,nw_dst=10.0.0.2 actions=";
    assertThat(verdict(ct, known, rule + "ct(commit),NORMAL")).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(ct, known, rule + "NORMAL,ct(commit)")).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(ct, known, rule + "NORMAL")).isEqualTo(Fate.DROP);
    assertThat(verdict(ct, known, rule + "ct(commit,zone=5),NORMAL")).isEqualTo(Fate.DROP);
    assertThat(verdict(
            ct, known, rule + "NORMAL", "table=1,priority=4,ip,nw_src=10.0.0.2 actions=NORMAL"))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void aDatagramThatArrivesIsNotDroppedForWantOfAnAnswer() {
    Packet datagram = Packet.opening(PACKET.source(), PACKET.destination(), Protocol.UDP, 514);
    String ct = "table=0,ip actions=ct(table=1)";
    String known = "table=1,priority=9,ct_state=+est+trk,ip actions=NORMAL";
    String rule = "table=1,priority=5,ip,nw_dst=10.0.0.2 actions=";
    assertThat(new Interpreter(read(ct, known, rule + "NORMAL")).walk(datagram).fate())
        .isEqualTo(Fate.UNKNOWN);
    assertThat(new Interpreter(read(ct, known, rule + "ct(commit),NORMAL"))
            .walk(datagram)
            .fate())
        .isEqualTo(Fate.ACCEPT);
    assertThat(new Interpreter(read(ct, known, rule + "drop")).walk(datagram).fate())
        .isEqualTo(Fate.DROP);
  }

  @Test
  void anAnswerOfTcpThatBelongsToNoConnectionIsInvalid() {
    assertThat(verdict(
            "table=0,ip actions=ct(table=1)",
            "table=1,priority=9,ct_state=+inv+trk,ip actions=drop",
            "table=1,priority=5,ip actions=NORMAL"))
        .isEqualTo(Fate.DROP);
  }

  @Test
  void whoRemembersAConnectionAndDropsItsPacketIsNotTrusted() {
    assertThat(verdict("table=0,ip actions=ct(commit,table=1)", "table=1 actions=drop"))
        .isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void aKnownConnectionIsOneInTheEyesOfConntrackOnly() {
    String[] flows = {
      "table=0,priority=9,ct_state=+est+trk,ip actions=NORMAL", "table=0,priority=0 actions=drop"
    };
    assertThat(new Interpreter(read(flows))
            .walk(PACKET.in(ConnectionState.ESTABLISHED, false))
            .fate())
        .isEqualTo(Fate.DROP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "group:7",
        "CONTROLLER:65535",
        "output:1,drop,resubmit(,9)",
        "mod_nw_dst:10.0.0.9,NORMAL",
        "set_field:10.0.0.9->ip_dst,NORMAL",
        "bundle(eth_src,0,hrw,ofport,members:4,8)",
        "learn(table=0,priority=99,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[])",
        "meter:1,NORMAL",
        "move:NXM_OF_IP_SRC[]->NXM_NX_REG3[],resubmit(,5)"
      })
  void whatIsNotUnderstoodIsUnknownWithItsLine(String actions) {
    Passage passage = walk(
        "table=0,priority=3 actions=" + actions,
        "table=5,priority=1,reg3=0xa000001 actions=NORMAL",
        "table=0,priority=99,tcp,tp_dst=99 actions=drop");
    assertThat(passage.fate()).isEqualTo(Fate.UNKNOWN);
    assertThat(passage.hits().toString()).containsAnyOf("flows:1:1", "not understood");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "in_port=3",
        "dl_src=0a:00:00:00:00:01",
        "tcp,tcp_flags=+ack",
        "ip,nw_frag=later",
        "vlan_tci=0x1000"
      })
  void whatIsNotKnownOfAPacketIsUnknownWhereItMatters(String match) {
    assertThat(verdict(
            "table=0,priority=9," + match + " actions=NORMAL", "table=0,priority=0 actions=drop"))
        .isEqualTo(Fate.UNKNOWN);
    assertThat(verdict(
            "table=0,priority=9," + match + " actions=NORMAL", "table=0,priority=0 actions=NORMAL"))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void aPacketThatGoesAroundIsDropped() {
    assertThat(verdict("table=0 actions=resubmit(,1)", "table=1 actions=resubmit(,0),NORMAL"))
        .isEqualTo(Fate.DROP);
    assertThat(verdict("table=0 actions=resubmit(,1)", "table=1 actions=NORMAL,resubmit(,0)"))
        .isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void whatLeavesACloneByExitIsUnknownAfterIt() {
    assertThat(verdict("table=0 actions=clone(exit),NORMAL")).isEqualTo(Fate.UNKNOWN);
    assertThat(verdict("table=0 actions=clone(resubmit(,1)),NORMAL", "table=1 actions=exit"))
        .isEqualTo(Fate.UNKNOWN);
    assertThat(verdict("table=0 actions=ct(table=1),NORMAL", "table=1 actions=exit"))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void whatConntrackSaysIsNotKnownAfterTheLookupThatWasMadeWithIt() {
    String[] flows = {
      "table=0,ip actions=ct(table=1)",
      "table=1,ip actions=ct(table=2),resubmit(,3)",
      "table=3,priority=9,ct_state=+trk,ip actions=drop",
      "table=3,priority=1,ip actions=NORMAL"
    };
    assertThat(verdict(flows)).isEqualTo(Fate.ACCEPT);
    flows[1] = "table=1,ip actions=ct(commit),resubmit(,3)";
    assertThat(verdict(flows)).isEqualTo(Fate.ACCEPT);
    flows[1] = "table=1,ip actions=resubmit(,3)";
    assertThat(verdict(flows)).isEqualTo(Fate.DROP);
  }

  @Test
  void statesWithoutASignLeaveNoOtherOpen() {
    // What dump-flows prints of ct_state=0x22/0xff: answers are not among them.
    String[] flows = {
      "table=0,ip actions=ct(table=1)",
      "table=1,priority=9,ct_state=est|trk,ip actions=NORMAL",
      "table=1,priority=0 actions=drop"
    };
    assertThat(new Interpreter(read(flows))
            .walk(PACKET.in(ConnectionState.ESTABLISHED, true))
            .fate())
        .isEqualTo(Fate.DROP);
    assertThat(verdict(flows)).isEqualTo(Fate.DROP);
  }

  @Test
  void learnWritesWhetherItLearned() {
    assertThat(verdict(
            "table=0,ip actions=learn(table=9,limit=5,result_dst=NXM_NX_REG0[0],eth_type=0x800),resubmit(,1)",
            "table=1,priority=9,reg0=0x1/0x1 actions=NORMAL",
            "table=1,priority=0 actions=drop"))
        .isEqualTo(Fate.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ct(commit,exec(set_field:0x1->ct_mark)),ct(table=1)",
        "clone(ct(commit,exec(set_field:0x1->ct_mark))),ct(table=1)",
        "ct(commit,table=2,exec(set_field:0x1->ct_mark)),ct(table=1)",
        "ct(commit,exec(set_field:0x1->ct_mark)),ct_clear,ct(table=1)"
      })
  void aMarkOfAConnectionStaysForWhoeverAsksLater(String actions) {
    assertThat(verdict(
            "table=0,ip actions=" + actions,
            "table=1,priority=9,ct_state=+new,ct_mark=0x1,ip actions=NORMAL",
            "table=1,priority=0 actions=drop"))
        .isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void masksNeedNotBePrefixes() {
    assertThat(verdict("table=0,priority=9,ip,nw_src=10.0.0.1/255.255.0.255 actions=NORMAL"))
        .isEqualTo(Fate.ACCEPT);
    assertThat(verdict("table=0,priority=9,ip,nw_src=10.0.0.0/255.255.0.255 actions=NORMAL"))
        .isEqualTo(Fate.DROP);
    assertThat(verdict("table=0,priority=9,tcp,tp_dst=0x10/0x10 actions=NORMAL"))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void namesOfTablesAreReadWhereTheirNumbersAreTold() {
    assertThat(verdict(
            "  table 0 (\"Classifier\"):",
            "    active=1, lookup=0, matched=0",
            " cookie=0x0, table=Classifier, priority=5 actions=resubmit(,Output)",
            " cookie=0x0, table=Output, priority=5 actions=NORMAL",
            "  table 1 (\"Output\"):"))
        .isEqualTo(Fate.ACCEPT);
    assertThatThrownBy(() -> read(" cookie=0x0, table=Classifier, priority=5 actions=drop"))
        .hasMessageContaining("which number table Classifier has is not said")
        .hasMessageContaining("--no-names");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "table=0,reg1=0xzz actions=drop|flows:2:1: error: reg1=0xzz is not understood",
        "table=0,ip,nw_src=10.0.0.0.1 actions=drop|flows:2:1: error: nw_src=10.0.0.0.1",
        "table=0 actions=set_field:0x1ffffffff->reg1|flows:2:1: error: set_field",
        "table=0 actions=resubmit(,1|flows:2:1: error: a `(` without its `)`",
        "hello|flows:2:1: error: this is no flow",
        "table=0,priority=1/2x actions=drop|flows:2:1: error: priority=1/2x is no priority"
      })
  void errorsSayFileAndLine(String flow, String message) {
    assertThatThrownBy(() -> read("table=3 actions=drop", flow))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatIsSeenToBeCutIsRefused() {
    assertThatThrownBy(() -> FlowReader.read("", "flows", 100)).hasMessageContaining("no flows");
    assertThatThrownBy(() -> FlowReader.read("table=0 actions=output:1", "flows", 100))
        .hasMessageContaining("flows:1:1: error: the last line does not end");
    assertThatThrownBy(() -> read(
            "NXST_AGGREGATE reply (xid=0x4): packet_count=0 byte_count=0 flow_count=2",
            "table=0 actions=NORMAL"))
        .hasMessageContaining("the switch has 2 flows, the dump 1");
  }
}
