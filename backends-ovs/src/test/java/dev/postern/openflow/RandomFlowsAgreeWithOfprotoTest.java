package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.openflow.reader.FlowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random flows of whatever form: what the reader is sure of, a real ovs-vswitchd does. */
class RandomFlowsAgreeWithOfprotoTest {

  private static final int BRIDGES = Integer.getInteger("flows.bridges", 120);
  private static final int FIRST = Integer.getInteger("flows.first", 0);
  private static final int PACKETS = 20;

  private int sure;
  private int passed;
  private int unknown;
  private int refused;

  @Test
  void whatIsReadIsWhatHappens() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (Bridge bridge = new Bridge()) {
      for (int seed = FIRST; seed < FIRST + BRIDGES; seed++) {
        Random random = new Random(seed);
        String text = new RandomFlows(random).text();
        if (!bridge.replace(text)) {
          refused++;
          continue;
        }
        Interpreter interpreter = new Interpreter(
            FlowReader.read(bridge.dump(), "dump", OpenFlow.FIRST_TABLE).rules());
        for (int i = 0; i < PACKETS; i++) {
          compare(bridge, interpreter, packet(random), "seed " + seed + "\n" + text, wrong);
        }
      }
    }
    System.out.println(
        "random flows, seeds from " + FIRST + ": " + sure + " sure, " + passed + " passed, "
            + unknown + " unknown, " + refused + " of " + BRIDGES + " bridges refused them");
    assertThat(wrong).isEmpty();
    assertThat(passed).isGreaterThan(BRIDGES);
    assertThat(sure).isGreaterThan(unknown);
  }

  private void compare(
      Bridge bridge,
      Interpreter interpreter,
      Bridge.Microflow flow,
      String about,
      List<String> wrong)
      throws Exception {
    Packet packet = Packet.opening(flow.source(), flow.destination(), flow.protocol(), flow.port());
    Passage known = interpreter.walk(packet.in(ConnectionState.ESTABLISHED, false));
    boolean sends = bridge.sends(flow, false, "trk,est");
    if (isSure(known) && sends != accepts(known)) {
      wrong.add(about + flow + " established\n" + known);
    }
    Passage opening = interpreter.walk(packet);
    if (!isSure(opening)) {
      return;
    }
    boolean first = bridge.sends(flow, false, "trk,new");
    boolean answered = first && (bridge.remembers(flow) || bridge.answersAsStranger(flow));
    // Where no flow asks conntrack, answers of known connections are like all others.
    boolean answersPass = accepts(interpreter.walk(answer(flow)));
    if (accepts(opening) ? !first || (!answered && answersPass) : answered) {
      wrong.add(about + flow + " new\n" + opening);
    }
  }

  private static Packet answer(Bridge.Microflow flow) {
    boolean echo = !flow.protocol().hasPorts();
    Packet asked =
        Packet.opening(flow.destination(), flow.source(), flow.protocol(), echo ? 0 : 49152);
    return new Packet(
        asked.source(),
        asked.destination(),
        asked.protocol(),
        flow.port(),
        asked.destinationPort(),
        echo ? (asked.source().family() == Family.IPV4 ? 0 : 129) : 0,
        "",
        "",
        ConnectionState.ESTABLISHED,
        true,
        0);
  }

  private boolean isSure(Passage passage) {
    boolean isSure = passage.fate() != Passage.Fate.UNKNOWN;
    sure += isSure ? 1 : 0;
    unknown += isSure ? 0 : 1;
    passed += accepts(passage) ? 1 : 0;
    return isSure;
  }

  private static boolean accepts(Passage passage) {
    return passage.fate() == Passage.Fate.ACCEPT;
  }

  private static Bridge.Microflow packet(Random random) {
    boolean six = random.nextInt(5) == 0;
    String network = six ? "fd00::" : "10.0.0.";
    Protocol protocol = Protocol.values()[random.nextInt(4)];
    return new Bridge.Microflow(
        Address.parse(network + (1 + random.nextInt(3))),
        Address.parse(network + (1 + random.nextInt(3))),
        protocol,
        protocol.hasPorts() ? List.of(80, 81, 443).get(random.nextInt(3)) : 0);
  }
}
