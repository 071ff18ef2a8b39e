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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that Postern did not write, as iptables-save 1.8.9 prints them. */
class IptablesReaderTest {

  private static final String SETS = """
      create nets hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x5b4414d4
      add nets 10.0.0.0/8
      add nets 10.1.0.0/16 nomatch
      add nets 10.1.2.0/24
      create ports hash:ip,port family inet hashsize 1024 maxelem 65536
      add ports 10.9.9.9,tcp:80
      add ports 10.9.9.9,sctp:36412
      create flows hash:ip,port,net family inet hashsize 1024 maxelem 65536
      add flows 10.9.9.9,udp:53,192.0.2.0/24
      create some bitmap:port range 0-65535
      add some 80
      create lists list:set size 8
      add lists nets
      create fading hash:ip family inet hashsize 1024 maxelem 65536 timeout 60
      add fading 10.0.0.1 timeout 12
      create marks hash:net family inet hashsize 1024 maxelem 65536 skbinfo
      add marks 10.0.0.0/8 skbmark 0x10000/0xff0000
      add marks 10.0.0.1 skbmark 0x20000/0xff0000
      create quoted hash:net family inet hashsize 1024 maxelem 65536 comment
      add quoted 10.7.0.0/16 comment "a \\"b\\" -j ACCEPT"
      """;

  /** What becomes of TCP from 10.0.0.1 (or where said) to 10.9.9.9, port 80, in through eth0, out through eth1. */
  private static Fate verdict(String rules, String source, String protocol, int port) {
    StringBuilder text =
        new StringBuilder("*filter\n:FORWARD ACCEPT [1:2]\n:OUTPUT ACCEPT [0:0]\n:C - [0:0]\n");
    for (String rule : rules.split("\n")) {
      text.append(rule).append('\n');
    }
    Packet packet = Packet.opening(
            Address.parse(source), Address.parse("10.9.9.9"), Protocol.valueOf(protocol), port)
        .through("eth0", "eth1");
    return new Interpreter(IptablesReader.read(text + "COMMIT\n", "", SETS))
        .walk(packet)
        .fate();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s 10.0.0.0/8 | DROP",
        "-s 10.0.0.0/255.0.0.0 | DROP",
        "! -s 10.0.0.0/8 | ACCEPT",
        "-i eth+ ! -o lo | DROP",
        "-i eth1 | ACCEPT",
        "-p tcp -m tcp --dport 80 | DROP",
        "-p tcp -m tcp ! --dport 80 | ACCEPT",
        "-p tcp -m tcp --dport 81:65535 | ACCEPT",
        "-p tcp -m tcp --sport 1024:65535 | DROP",
        "-p udp | ACCEPT",
        "! -p udp | DROP",
        "-p ospf | ACCEPT",
        "-p tcp -m multiport --dports 1,70:90 | DROP",
        "-p tcp -m multiport ! --dports 1,70:90 | ACCEPT",
        "-p tcp -m multiport --ports 80 | DROP",
        "-m iprange --src-range 10.0.0.1-10.0.0.9 | DROP",
        "-m iprange ! --src-range 10.0.0.1-10.0.0.9 | ACCEPT",
        "-m conntrack --ctstate NEW,RELATED | DROP",
        "-m conntrack ! --ctstate NEW | ACCEPT",
        "-m state --state ESTABLISHED | ACCEPT",
        "-m conntrack --ctdir ORIGINAL | DROP",
        "-m mark --mark 0x0/0xff | DROP",
        "-m mark ! --mark 0x0/0xff | ACCEPT",
        "-m set --match-set nets src | DROP",
        "-m set ! --match-set nets src | ACCEPT",
        "-m set --match-set lists src | DROP",
        "-m set --match-set ports dst,dst | DROP",
        "-m set --match-set ports src,dst | ACCEPT",
        "-m set --match-set ports dst,src | ACCEPT",
        "-m set --match-set flows dst,dst,src | ACCEPT",
        "-m set --match-set some dst | DROP",
        "-m set --match-set quoted src | ACCEPT",
        "-m comment --comment \"a -j b\" | DROP",
        "-m comment --comment -j | DROP",
        "-p icmp -m icmp --icmp-type 8 | ACCEPT",
        // a connection's first packet has SYN, and neither ACK, RST nor FIN; others in the state
        // new may have ACK
        "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN | UNKNOWN",
        "-p tcp -m tcp --tcp-flags FIN,RST NONE | DROP",
        "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN | ACCEPT",
        "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW | ACCEPT",
        "-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE | ACCEPT",
        "-p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN | ACCEPT",
        "-p tcp -m tcp --tcp-flags SYN SYN -m conntrack --ctstate ESTABLISHED | ACCEPT",
        "-p tcp -m tcp ! --tcp-flags SYN,RST ACK | DROP",
        "-m rpfilter | DROP",
        "-m rpfilter --validmark --invert | ACCEPT",
        "-m rpfilter --loose --accept-local -p tcp | DROP",
        "-m rpfilter --invert -p tcp | ACCEPT",
        "-m addrtype --src-type LOCAL | ACCEPT",
        "-m addrtype ! --dst-type LOCAL | DROP",
        "-m addrtype --dst-type MULTICAST,BROADCAST | ACCEPT",
        // what is not understood
        "-m rpfilter --new-option | UNKNOWN",
        "-m limit --limit 3/min | UNKNOWN",
        "-m set --match-set fading src | UNKNOWN",
        "-m set --match-set gone src | UNKNOWN",
        "-m set ! --match-set gone src | UNKNOWN",
        "-p tcp -m tcp --tcp-flags PSH PSH | UNKNOWN",
        "-m addrtype --dst-type ANYCAST | UNKNOWN",
        "-m addrtype --dst-type LOCAL --limit-iface-in | ACCEPT",
        "-m addrtype --src-type MULTICAST --limit-iface-out | ACCEPT",
        "-m physdev --physdev-is-bridged | UNKNOWN",
        "-m connmark --mark 0x1 | ACCEPT",
        "-m connmark --mark 0x0/0xff | DROP",
        "-m u32 --u32 \"0x0&0x1=0x1\" | UNKNOWN",
        "-m conntrack --ctstate DNAT | ACCEPT",
        "-f | UNKNOWN",
        "-p udp -m limit --limit 3/min | ACCEPT"
      })
  void matches(String match, Fate expected) {
    assertThat(verdict("-A FORWARD " + match + " -j DROP", "10.0.0.1", "TCP", 80))
        .isEqualTo(expected);
  }

  @Test
  void theLongestNetworkDecidesAlsoIfItSaysNomatch() {
    String rule = "-A FORWARD -m set --match-set nets src -j DROP";
    assertThat(verdict(rule, "10.1.1.1", "TCP", 80)).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(rule, "10.1.2.1", "TCP", 80)).isEqualTo(Fate.DROP);
    assertThat(verdict(
            "-A FORWARD -m set --match-set flows dst,dst,src -j DROP", "192.0.2.7", "UDP", 53))
        .isEqualTo(Fate.DROP);
    assertThat(verdict("-A FORWARD -m set --match-set some dst -j DROP", "10.0.0.1", "SCTP", 80))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void gotoDoesNotComeBackAndJumpDoes() {
    assertThat(
            verdict("-A FORWARD -g C\n-A FORWARD -j DROP\n-A C -j RETURN", "10.0.0.1", "TCP", 80))
        .isEqualTo(Fate.ACCEPT);
    assertThat(
            verdict("-A FORWARD -j C\n-A FORWARD -j DROP\n-A C -j RETURN", "10.0.0.1", "TCP", 80))
        .isEqualTo(Fate.DROP);
  }

  @Test
  void marksAreSetXoredAndMapped() {
    String test = "\n-A FORWARD -m mark --mark 0x20004/0xff000f -j DROP";
    assertThat(verdict(
            "[1:2] -A FORWARD -j MARK --set-xmark 0x4/0x4\n-A FORWARD -j SET --map-set marks src --map-mark"
                + test,
            "10.0.0.1",
            "TCP",
            80))
        .isEqualTo(Fate.DROP);
    assertThat(verdict(
            "-A FORWARD -j MARK --set-xmark 0x4/0x4\n-A FORWARD -j SET --map-set marks src --map-mark"
                + test,
            "10.0.0.2",
            "TCP",
            80))
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void aConnectionsMarkIsZeroUnlessARuleSetsIt() {
    String restored =
        "-A FORWARD -j MARK --set-xmark 0x4/0x4\n-A FORWARD -j CONNMARK --restore-mark"
            + " --nfmask 0x4 --ctmask 0x4\n-A FORWARD -m mark --mark 0x4/0x4 -j DROP";
    assertThat(verdict(restored, "10.0.0.1", "TCP", 80)).isEqualTo(Fate.ACCEPT);
    String saved = "\n-A OUTPUT -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff";
    assertThat(verdict(restored + saved, "10.0.0.1", "TCP", 80)).isEqualTo(Fate.UNKNOWN);
    assertThat(verdict("-A FORWARD -m connmark --mark 0x1 -j DROP" + saved, "10.0.0.1", "TCP", 80))
        .isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void aSetThatRulesChangeIsNotKnown() {
    assertThat(verdict(
            "-A OUTPUT -j SET --add-set nets dst\n-A FORWARD -m set --match-set nets src -j DROP",
            "10.0.0.1",
            "TCP",
            80))
        .isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void harmlessTargetsGoOnAndStrangeOnesAreUnknown() {
    assertThat(verdict(
            "-A FORWARD -j LOG --log-prefix \"-j DROP\"\n-A FORWARD -j REJECT --reject-with tcp-reset",
            "10.0.0.1",
            "TCP",
            80))
        .isEqualTo(Fate.DROP);
    assertThat(verdict("-A FORWARD -j TEE --gateway 10.0.0.9", "10.0.0.1", "TCP", 80))
        .isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void aProgramInUserSpaceDecidesWhatIsQueued() {
    for (String options : List.of(
        "--queue-num 1",
        "--queue-balance 0:3 --queue-bypass --queue-cpu-fanout",
        "--queue-num 1 --queue-bypass")) {
      assertThat(verdict("-A FORWARD -j NFQUEUE " + options, "10.0.0.1", "TCP", 80))
          .isEqualTo(Fate.QUEUED);
    }
    assertThat(verdict("-A FORWARD -j NFQUEUE --queue-strange 1", "10.0.0.1", "TCP", 80))
        .isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void establishedPacketsAreTheStateTheyAreIn() {
    String text =
        "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n";
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.9.9.9"), Protocol.TCP, 80);
    Interpreter interpreter = new Interpreter(IptablesReader.read(text, "", ""));
    assertThat(interpreter.walk(packet).fate()).isEqualTo(Fate.DROP);
    assertThat(interpreter.walk(packet.in(ConnectionState.ESTABLISHED, true)).fate())
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void whatNoToolPrintsIsAnErrorWithItsPlace() {
    assertThatThrownBy(() -> IptablesReader.read("*filter\n:FORWARD ACCEPT [0:0]\nhello\n", "", ""))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("iptables-save:3:1: error: `hello` is no rule");
    assertThatThrownBy(() -> IptablesReader.read("", "", "add x 1.2.3.4\n"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("ipset save:1:1: error: no set `x`");
    assertThatThrownBy(
            () -> IptablesReader.read("*filter\n-A FORWARD -m comment --comment \"x\n", "", ""))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("quote");
  }
}
