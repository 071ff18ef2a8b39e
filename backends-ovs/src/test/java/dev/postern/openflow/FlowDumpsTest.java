package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.openflow.reader.FlowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a dump says of itself: where it ends, and how long it holds. */
class FlowDumpsTest {

  private static FlowReader.FlowRules read(String... lines) {
    return FlowReader.read(String.join("\n", lines) + "\n", "flows", OpenFlow.FIRST_TABLE);
  }

  @Test
  void aReplyAfterWhichMoreFollowIsNoEnd() {
    String more = "OFPST_FLOW reply (OF1.4) (xid=0x2): flags=[more]";
    String last = "OFPST_FLOW reply (OF1.4) (xid=0x2):";
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.TCP, 80);

    assertThatThrownBy(() -> read(more, "table=0 actions=NORMAL"))
        .hasMessageContaining("the last reply says that more follow");
    FlowReader.FlowRules whole =
        read(more, "table=0 actions=resubmit(,1)", last, "table=1 actions=NORMAL");
    assertThat(new Interpreter(whole.rules()).walk(packet).fate()).isEqualTo(Fate.ACCEPT);
  }

  @Test
  void twoDumpsInOneAreNone() {
    assertThatThrownBy(() ->
            read("table=0,priority=1,ip actions=NORMAL", "table=0,priority=1,ip actions=drop"))
        .hasMessageContaining("flows:2:1: error: the flow of line 1 is there again");
  }

  @ParameterizedTest
  @CsvSource({"idle_timeout=5,true", "hard_timeout=0x10,true", "hard_timeout=0,false", "ip,false"})
  void flowsThatGoByThemselvesAreSaid(String word, boolean expires) {
    String flow = " cookie=0x0, duration=1s, table=0, n_packets=0, n_bytes=0, " + word
        + ", priority=0 actions=drop";

    assertThat(read(flow).expires()).isEqualTo(expires);
  }
}
