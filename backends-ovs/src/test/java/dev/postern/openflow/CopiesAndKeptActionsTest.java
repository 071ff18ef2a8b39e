package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.openflow.reader.FlowReader;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What copies of a packet do, what is kept for the end, what is learned, and conjunctions that lead nowhere: as a real ovs-vswitchd does them. */
class CopiesAndKeptActionsTest {

  private static final Bridge.Microflow FLOW =
      new Bridge.Microflow(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.TCP, 80);
  private static final Pattern SENT =
      Pattern.compile("(?m)^Datapath actions: .*(?<![(=\\w])[0-9]+(,|$)");

  private static final String CONJUNCTIONS = """
      table=0,priority=100,tcp,nw_src=10.0.0.1 actions=conjunction(1,1/2)
      table=0,priority=100,tcp,tp_dst=80 actions=conjunction(1,2/2)
      table=0,priority=50,tcp,nw_src=10.0.0.1 actions=conjunction(2,1/2)
      table=0,priority=50,tcp,tp_dst=80 actions=conjunction(2,2/2)
      """;

  /** Flows, and what the switch does with a packet: whether it is sent on. */
  private static final Map<String, Boolean> CASES = Map.ofEntries(
      Map.entry(CONJUNCTIONS + "table=0,priority=50,tcp,conj_id=2 actions=output:2\n", true),
      Map.entry(
          CONJUNCTIONS + "table=0,priority=50,tcp,conj_id=2 actions=output:2\n"
              + "table=0,priority=1,tcp actions=drop\n",
          false),
      Map.entry(
          CONJUNCTIONS + "table=0,priority=50,tcp,conj_id=2 actions=drop\n"
              + "table=0,priority=1,tcp,conj_id=1 actions=output:2\n",
          true),
      Map.entry("""
          table=0,ip actions=ct(table=1),resubmit(,2)
          table=1,ip actions=write_actions(output:2)
          """, true),
      Map.entry("""
          table=0,ip actions=clone(resubmit(,1)),resubmit(,2)
          table=1,ip actions=write_actions(output:2)
          """, true),
      Map.entry("""
          table=0,ip actions=write_actions(output:2),goto_table:1
          table=1,ip actions=clone(resubmit(,2))
          table=2,ip actions=clear_actions
          """, true),
      Map.entry("""
          table=0,ip actions=write_actions(output:2),goto_table:1
          table=1,ip actions=exit
          """, false),
      Map.entry("table=0,ip actions=output:NXM_NX_REG1[0..15]\n", false),
      Map.entry("table=0,ip actions=set_field:2->reg1,output:NXM_NX_REG1[0..15]\n", true),
      Map.entry("table=0,ip actions=set_field:0xffff->reg1,output:NXM_NX_REG1[]\n", false));

  private static Fate read(String flows, Packet packet) {
    return new Interpreter(FlowReader.read(flows, "flows", OpenFlow.FIRST_TABLE).rules())
        .walk(packet)
        .fate();
  }

  private static final Packet PACKET =
      Packet.opening(FLOW.source(), FLOW.destination(), FLOW.protocol(), FLOW.port());

  @Test
  void nothingIsReadOtherwiseThanItHappens() {
    CASES.forEach((flows, sent) -> assertThat(read(flows, PACKET))
        .as(flows)
        .isIn(Fate.UNKNOWN, sent ? Fate.ACCEPT : Fate.DROP));
  }

  @Test
  void conjunctionsAndPortsThatAreNoneAreUnderstood() {
    assertThat(CASES.keySet().stream()
            .filter(flows -> read(flows, PACKET) == Fate.UNKNOWN)
            .toList())
        .allMatch(flows -> flows.contains("write_actions"));
  }

  @Test
  void aRealSwitchDoesSo() throws Exception {
    try (Bridge bridge = new Bridge()) {
      bridge.attach(2);
      for (Map.Entry<String, Boolean> one : CASES.entrySet()) {
        assertThat(bridge.replace(one.getKey())).as(one.getKey()).isTrue();
        String trace = bridge.trace("in_port=9," + FLOW.text(false), "trk,new");
        assertThat(SENT.matcher(trace).find()).as(one.getKey() + trace).isEqualTo(one.getValue());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eth_type=0x800,nw_proto=6,NXM_OF_IP_SRC[]=NXM_OF_IP_DST[],NXM_OF_TCP_SRC[]=NXM_OF_TCP_DST[],output:NXM_OF_IN_PORT[]",
        "eth_type=0x800,nw_proto=17,NXM_OF_IP_DST[],NXM_OF_UDP_DST[],output:NXM_OF_IN_PORT[]",
        "eth_type=0x800,nw_proto=6,load:NXM_OF_IP_DST[]->NXM_NX_REG0[],NXM_OF_TCP_DST[],output:NXM_OF_IN_PORT[]",
        "eth_type=0x800,nw_proto=6,NXM_OF_IP_DST[0..15],NXM_OF_TCP_DST[],output:NXM_OF_IN_PORT[]"
      })
  void aLearnedFlowMatchesWhatItDoesNotCopy(String learn) {
    // From a packet to 10.0.0.2 it is learned what answers, or other packets, are let through by.
    String flows =
        "table=0,priority=5,tcp,nw_dst=10.0.0.2,tp_dst=80 actions=learn(table=1,priority=10,"
            + learn + "),resubmit(,1)\ntable=0,priority=1,ip actions=resubmit(,1)\n"
            + "table=1,priority=20,tcp,nw_dst=10.0.0.2,tp_dst=80 actions=NORMAL\n";
    Packet answer = new Packet(
        FLOW.destination(),
        FLOW.source(),
        learn.contains("nw_proto=17") ? 17 : 6,
        80,
        5000,
        0,
        "",
        "",
        PACKET.state(),
        false,
        0);
    assertThat(read(flows, answer)).isEqualTo(Fate.UNKNOWN);
    assertThat(read(flows, PACKET)).isEqualTo(Fate.ACCEPT);
  }

  @Test
  void aLearnedFlowMatchesNothingElseThanWhatItCopies() {
    String flows =
        "table=0,priority=5,tcp,nw_dst=10.0.0.2,tp_dst=80 actions=%slearn(table=1,priority=30,eth_type=0x800,nw_proto=6,NXM_OF_IP_DST[],NXM_OF_TCP_DST[],output:NXM_OF_IN_PORT[]),resubmit(,1)\n"
            + "table=0,priority=1,ip actions=resubmit(,1)\ntable=1,priority=20,ip actions=NORMAL\n";
    Packet other = Packet.opening(FLOW.source(), Address.parse("10.0.0.3"), Protocol.TCP, 80);
    assertThat(read(flows.formatted(""), other)).isEqualTo(Fate.ACCEPT);
    assertThat(read(flows.formatted("note:01,"), other)).isEqualTo(Fate.ACCEPT);
    assertThat(read(flows.formatted("mod_nw_dst:10.0.0.3,"), other)).isEqualTo(Fate.UNKNOWN);
    assertThat(read(flows.formatted("resubmit(,9),"), other)).isEqualTo(Fate.UNKNOWN);
    assertThat(read(flows.formatted(""), PACKET)).isEqualTo(Fate.UNKNOWN);
  }
}
