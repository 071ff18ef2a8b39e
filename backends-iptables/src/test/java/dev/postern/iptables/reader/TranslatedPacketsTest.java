package dev.postern.iptables.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Marks that the nat table sets, and rules that see packets before they are translated. */
class TranslatedPacketsTest {

  private static final String NAT = """
      *nat
      :PREROUTING ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :MARK-MASQ - [0:0]
      :NEVER - [0:0]
      -A PREROUTING -p tcp -m tcp --dport 30080 -j MARK-MASQ
      -A PREROUTING -p tcp -m tcp --dport 30080 -j DNAT --to-destination 10.0.0.9:80
      -A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE
      -A MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
      -A NEVER -j MARK --set-xmark 0x100/0x100
      COMMIT
      """;

  private static Packet packet(String to) {
    return Packet.opening(Address.parse("192.0.2.1"), Address.parse(to), Protocol.TCP, 80);
  }

  private static Fate verdict(String dump, Packet packet) {
    return new Interpreter(IptablesReader.read(dump, "", "")).walk(packet).fate();
  }

  private static String filter(String... rules) {
    return "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD " + String.join("\n-A FORWARD ", rules)
        + "\nCOMMIT\n";
  }

  @Test
  void aMarkThatTheNatTableMaySetIsNotKnown() {
    String dump = NAT + filter("-m mark --mark 0x4000/0x4000 -j ACCEPT", "-j DROP");
    assertThat(verdict(dump, packet("10.0.0.9"))).isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void aMarkThatNoRuleReachedFromPreroutingSetsIsZero() {
    String dump = NAT + filter("-m mark --mark 0x100/0x100 -j ACCEPT", "-j DROP");
    assertThat(verdict(dump, packet("10.0.0.9"))).isEqualTo(Fate.DROP);
  }

  @Test
  void whereTheMarkMakesNoDifferenceItDoesNotMatterThatItIsNotKnown() {
    String dump = NAT
        + filter("-m mark --mark 0x4000/0x4000 -j DROP", "-m mark ! --mark 0x4000/0x4000 -j DROP");
    assertThat(verdict(dump, packet("10.0.0.9"))).isEqualTo(Fate.DROP);
  }

  @Test
  void aMarkThatTheFilterTableSetsAfterwardsIsKnown() {
    String dump = NAT
        + filter(
            "-j MARK --set-xmark 0x0/0xffffffff",
            "-m mark --mark 0x4000/0x4000 -j ACCEPT",
            "-j DROP");
    assertThat(verdict(dump, packet("10.0.0.9"))).isEqualTo(Fate.DROP);
  }

  @Test
  void theNatTableIsNotAskedAboutPacketsOfKnownConnections() {
    String dump = NAT + filter("-m mark --mark 0x4000/0x4000 -j DROP");
    assertThat(verdict(dump, packet("10.0.0.9").in(ConnectionState.ESTABLISHED, false)))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void whatIsAskedBeforeTranslationMaySeeAnotherDestination() {
    String mangle = "*mangle\n:PREROUTING ACCEPT [0:0]\n"
        + "-A PREROUTING -p tcp -m tcp --dport 30080 -j DROP\nCOMMIT\n";
    assertThat(verdict(mangle, packet("10.0.0.9"))).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(NAT + mangle, packet("10.0.0.9"))).isEqualTo(Fate.UNKNOWN);
    assertThat(verdict(NAT + mangle, packet("10.0.0.8"))).isEqualTo(Fate.ACCEPT);
  }

  @Test
  void aPolicyOfTheNatTableMayDropWhatOpensAConnection() {
    for (String chain : List.of("PREROUTING", "POSTROUTING")) {
      String dump = NAT.replace(":" + chain + " ACCEPT", ":" + chain + " DROP");
      assertThat(verdict(dump, packet("10.0.0.8"))).isEqualTo(Fate.UNKNOWN);
      assertThat(verdict(dump, packet("10.0.0.8").in(ConnectionState.ESTABLISHED, false)))
          .isEqualTo(Fate.ACCEPT);
    }
  }

  @Test
  void whatIsNotUnderstoodInTheNatTableMayDropAPacketWhereSourcesAreSet() {
    String dump =
        NAT.replace("-A NEVER", "-A POSTROUTING -p tcp -j NFQUEUE --queue-num 1\n-A NEVER");
    assertThat(verdict(dump, packet("10.0.0.8"))).isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void aPacketWithFewerHopsMayNotBeForwarded() {
    assertThat(verdict(filter("-j TTL --ttl-set 1"), packet("10.0.0.8"))).isEqualTo(Fate.UNKNOWN);
    assertThat(verdict(filter("-j TTL --ttl-dec 9"), packet("10.0.0.8"))).isEqualTo(Fate.UNKNOWN);
    assertThat(verdict(filter("-j TTL --ttl-set 64"), packet("10.0.0.8"))).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(filter("-j TTL --ttl-inc 1"), packet("10.0.0.8"))).isEqualTo(Fate.ACCEPT);
  }

  @Test
  void aTableThatIptablesDoesNotHaveCannotBeRead() {
    assertThatThrownBy(() -> verdict(
            "*broute\n:BROUTING ACCEPT [0:0]\n-A BROUTING -j DROP\nCOMMIT\n", packet("10.0.0.8")))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("no table of iptables");
  }
}
