package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Reader.Dump;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.Update;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a line of an update that is refused the message points at the word: `^` stands before it here. */
class RefusedColumnTest {

  private static final Map<String, List<Dump>> BEFORE = Map.of(
      "iptables-save", List.of(new Dump("iptables-save", """
          *filter
          :INPUT ACCEPT [0:0]
          :FORWARD DROP [0:0]
          :OUTPUT ACCEPT [0:0]
          :A - [0:0]
          -A FORWARD -m set --match-set s src -j A
          COMMIT
          """)),
      "ipset-save", List.of(new Dump("ipset-save", """
          create s hash:net family inet hashsize 64 maxelem 100
          create free hash:ip family inet hashsize 64 maxelem 100
          add s 10.0.0.0/24
          """)));

  private static void pointsAt(String file, int line, String before, String marked, String after) {
    String text = before + marked.replace("^", "") + "\n" + after;
    assertThatThrownBy(() -> Update.of(List.of(new Dump(file, text))).states(BEFORE))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining(file + ":" + line + ":" + (marked.indexOf('^') + 1) + ": error: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add s ^10.0.0.0/99",
        "add s ^fd00::1",
        "add ^none 10.0.0.1",
        "add s 10.0.0.1 ^skbmark 0x1/0x1",
        "add s 10.0.0.1 ^timeout 5",
        "del free ^10.0.0.1/32",
        "del s 10.0.0.1 ^skbmark 0x1/0x1",
        "destroy ^s",
        "create ^free hash:ip family inet hashsize 64 maxelem 100",
        "create x ^bitmap:ip range 10.0.0.0/24",
        "create x hash:ip family inet hashsize ^0 maxelem 100",
        "swap s ^none",
        "rename ^s x",
        "rename free ^s",
        "^what s"
      })
  void ofIpset(String marked) {
    pointsAt("sets.restore", 2, "add free 10.0.0.9\n", marked, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A FORWARD -s ^10.0.0.1/33 -j DROP",
        "-A FORWARD -s 10.0.0.1/32 -d ^10.0.0.1/33 -j DROP",
        "-A FORWARD -o ^a%b -j DROP",
        "-A INPUT -o ^eth0 -j DROP",
        "-A FORWARD -p ^ipv6-icmp -j DROP",
        "-A FORWARD -p tcp -m tcp --dport 80 ^-m set --match-set none src -j DROP",
        "-A FORWARD -p tcp ^-m tcp --dport 80000 -j DROP",
        "-A FORWARD ^-j NOWHERE",
        "-A FORWARD -s 10.0.0.1/32 ^-j MARK --set-xmark 0x1/0x1",
        "-A ^NONE -j DROP",
        "-D FORWARD ^-s 10.0.0.1/32 -j DROP",
        "[0:0] -A FORWARD ^-j NOWHERE",
        ":B ^ACCEPTED [0:0]",
        "-P ^A DROP",
        "-P FORWARD ^REJECT",
        "^whatever"
      })
  void ofIptables(String marked) {
    pointsAt("iptables.restore", 2, "*filter\n", marked, "COMMIT\n");
  }
}
