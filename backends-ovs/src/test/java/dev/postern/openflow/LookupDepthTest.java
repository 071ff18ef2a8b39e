package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.openflow.reader.FlowReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Open vSwitch drops a packet that is looked up too deep; the reader never takes it for one that passes. */
class LookupDepthTest {

  private static final int FIRST = 200;
  private static final Address FROM = Address.parse("10.0.0.1");
  private static final Address TO = Address.parse("10.0.0.2");

  /** Lookups each of which leads to an earlier table, and then an action. */
  private static String chain(int lookups, String last) {
    StringBuilder text = new StringBuilder("add table=0,ip actions=resubmit(,200)\n");
    for (int table = FIRST; table > FIRST - lookups; table--) {
      text.append("add table=" + table + ",ip actions=resubmit(," + (table - 1) + ")\n");
    }
    return text.append("add table=" + (FIRST - lookups) + ",ip actions=" + last + "\n")
        .append("add table=250,ip actions=NORMAL\n")
        .toString();
  }

  @Test
  void aChainOfSixtyFourLookupsPassesAndOneOfSixtyFiveIsNotSaidToPass() throws IOException {
    try (Bridge bridge = new Bridge()) {
      agree(bridge, chain(64, "NORMAL"), true);
      agree(bridge, chain(65, "NORMAL"), false);
    }
  }

  @Test
  void soDeepDownNoLookupOfALaterTableIsMadeEither() throws IOException {
    try (Bridge bridge = new Bridge()) {
      agree(bridge, chain(63, "resubmit(,250)"), true);
      agree(bridge, chain(64, "resubmit(,250)"), false);
    }
  }

  @Test
  void whoComesBackFromALookupIsAsDeepAsBefore() throws IOException {
    String back = "add table=0,priority=50000,ip actions=resubmit(,200),resubmit(,200),NORMAL\n";
    try (Bridge bridge = new Bridge()) {
      agree(bridge, back + chain(50, "drop"), true);
      agree(bridge, back + chain(65, "drop"), false);
    }
  }

  @Test
  void whatConntrackSendsBackBeginsAnew() throws IOException {
    try (Bridge bridge = new Bridge()) {
      String flows =
          chain(60, "ct(commit,table=199)").replace("table=200,ip", "table=200,ip,ct_state=-trk")
              + "add table=199,priority=50000,ip,ct_state=+trk actions=resubmit(,100)\n"
              + "add table=100,ip actions=resubmit(,99)\nadd table=99,ip actions=resubmit(,98)\n"
              + "add table=98,ip actions=resubmit(,97)\nadd table=97,ip actions=resubmit(,96)\n"
              + "add table=96,ip actions=NORMAL\n";
      agree(bridge, flows, true);
    }
  }

  private static void agree(Bridge bridge, String flows, boolean passes) throws IOException {
    assertThat(bridge.replace(flows)).isTrue();
    Bridge.Microflow microflow = new Bridge.Microflow(FROM, TO, Protocol.TCP, 80);
    assertThat(bridge.sends(microflow, false, "trk,new")).isEqualTo(passes);
    Passage passage = new Interpreter(
            FlowReader.read(bridge.dump(), "dump", OpenFlow.FIRST_TABLE).rules())
        .walk(Packet.opening(FROM, TO, Protocol.TCP, 80));
    assertThat(passage.fate())
        .as("%s", passage.hits())
        .isEqualTo(passes ? Passage.Fate.ACCEPT : Passage.Fate.UNKNOWN);
  }
}
