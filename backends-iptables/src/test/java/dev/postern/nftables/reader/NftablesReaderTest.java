package dev.postern.nftables.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.netfilter.reader.UnreadableDump;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that Postern did not write, as nft 1.0.6 prints them. */
class NftablesReaderTest {

  private static final String TABLE = """
      table inet t {
      	set s4 {
      		type ipv4_addr
      		flags interval
      		elements = { 10.0.0.0/8,
      			     11.0.0.1-11.0.0.9 }
      	}
      	set con {
      		type ipv4_addr . inet_proto . inet_service
      		flags interval
      		elements = { 10.0.0.0/8 . tcp . 80-90 }
      	}
      	set dyn {
      		type ipv4_addr
      		size 65535
      		flags dynamic,timeout
      		timeout 1m
      	}
      	map m4 {
      		type ipv4_addr : verdict
      		elements = { 10.0.0.1 : jump b, 10.0.0.2 : drop }
      	}
      	map mk {
      		type ipv4_addr : mark
      		elements = { 10.0.0.1 : 0x00000007 }
      	}
      	chain b {
      		drop
      	}
      	chain set {
      		drop
      	}
      	chain drop {
      		ip saddr . tcp dport { 10.0.0.1 . 79,
      			10.0.0.1 . 80 } drop
      	}
      	chain f {
      		type filter hook forward priority filter - 1; policy accept;
      RULES
      	}
      }
      """;

  private static Fate verdict(String rules) {
    Packet packet = Packet.opening(
            Address.parse("10.0.0.1"), Address.parse("10.9.9.9"), Protocol.TCP, 80)
        .through("eth0", "eth1");
    return new Interpreter(NftablesReader.read(TABLE.replace("RULES", rules)))
        .walk(packet)
        .fate();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip saddr 10.0.0.0/8 drop | DROP",
        "ip saddr != 10.0.0.0/8 drop | ACCEPT",
        "ip6 saddr != 2001:db8::/32 drop | ACCEPT",
        "ip saddr @s4 drop | DROP",
        "ip daddr != @s4 drop | ACCEPT",
        "ip saddr . ip protocol . th dport @con drop | DROP",
        "ip saddr { 1.2.3.4, 10.0.0.1 } drop | DROP",
        "ip saddr 10.0.0.1 ip daddr @s4 goto b | DROP",
        "ip saddr vmap @m4 | DROP",
        "ip daddr vmap @m4 | ACCEPT",
        "ip saddr vmap { 10.0.0.0/8 : goto b, 1.2.3.4 : accept } | DROP",
        "tcp dport vmap { 1-5 : accept, 80 : drop } | DROP",
        "tcp dport { 22, 80-90 } counter packets 1 bytes 2 drop comment \"x y\" | DROP",
        "tcp dport != 80 drop | ACCEPT",
        "tcp dport >= 80 drop | DROP",
        "udp dport != 5 drop | ACCEPT",
        "tcp sport 1-5 drop | ACCEPT",
        "th dport 80 drop | DROP",
        "meta l4proto { tcp, udp } th dport 80 drop | DROP",
        "meta l4proto != { tcp, udp, sctp } drop | ACCEPT",
        "ip protocol tcp drop | DROP",
        "ip6 nexthdr tcp drop | ACCEPT",
        "meta nfproto ipv6 drop | ACCEPT",
        "ct state new,untracked drop | DROP",
        "ct state { established, related } drop | ACCEPT",
        "ct state != new drop | ACCEPT",
        "ct state vmap { invalid : accept, new : drop } | DROP",
        "ct direction original drop | DROP",
        "iifname \"eth*\" oifname != \"lo\" drop | DROP",
        "iifname { \"a\", \"b\" } drop | ACCEPT",
        "iif \"eth0\" drop | DROP",
        "meta mark & 0x000000ff == 0x00000001 drop | ACCEPT",
        "meta mark 0x00000000 drop | DROP",
        "icmp type echo-request drop | ACCEPT",
        "log prefix \"a b\" reject with icmp port-unreachable | DROP",
        "jump b | DROP",
        "tcp dport { 22, 80 } ip saddr . tcp dport { 10.0.0.1 . 80 } drop | DROP",
        "goto set | DROP",
        "jump drop | DROP",
        "iifname eth0 drop | DROP",
        "meta iifname \"eth0\" meta oif \"eth1\" drop | DROP",
        "reject | DROP",
        "fib daddr type local drop | ACCEPT",
        "fib saddr type local drop | ACCEPT",
        "fib daddr type { local, broadcast, multicast } drop | ACCEPT",
        "fib daddr type != unicast drop | ACCEPT",
        "fib daddr type unicast drop | DROP",
        "fib saddr . mark . iif oif 0 drop | ACCEPT",
        "fib saddr . iif oif != 0 drop | DROP",
        "tcp flags syn / syn,rst tcp option maxseg size set rt mtu | ACCEPT",
        "tcp option maxseg size set 1400 drop | DROP",
        "tcp flags syn / syn,ack drop | UNKNOWN",
        "tcp flags != syn / fin,syn,rst,ack ct state new counter packets 0 bytes 0 drop | ACCEPT",
        "tcp flags fin,syn / fin,syn drop | ACCEPT",
        "tcp flags == 0x0 drop | ACCEPT",
        "tcp flags ! fin,syn,rst,psh,ack,urg counter packets 0 bytes 0 drop | ACCEPT",
        "tcp flags rst reject with tcp reset | ACCEPT",
        "tcp flags syn drop | UNKNOWN",
        "tcp flags syn,ack drop | DROP",
        "ct state new tcp flags != syn drop | UNKNOWN",
        "tcp flags syn / syn,ack jump b | UNKNOWN",
        "ip dscp set ef | ACCEPT",
        "ip ttl set 64 | ACCEPT",
        "ip ttl set 1 | UNKNOWN",
        "flow add @f | ACCEPT",
        "ct helper \"ftp\" accept | ACCEPT",
        "ct label 1 counter packets 1 bytes 2 accept | ACCEPT",
        "numgen random mod 2 vmap { 0 : drop, 1 : drop } | DROP",
        "numgen random mod 3 vmap { 0 : drop, 1 : drop } | UNKNOWN",
        "numgen random mod 2 offset 1 vmap { 0 : drop, 1 : drop } | UNKNOWN",
        "jhash ip saddr mod 16 vmap { 0-7 : accept, 8-15 : accept } | ACCEPT",
        "jhash ip saddr mod 16 vmap { 0-7 : accept, 8-15 : goto b } | UNKNOWN",
        "meta mark set jhash ip saddr mod 2 | ACCEPT",
        "meta mark set jhash ip saddr mod 2 meta mark 0x00000001 drop | UNKNOWN",
        // what is not understood
        "ip saddr & 255.0.0.0 == 10.0.0.0 drop | UNKNOWN",
        "fib saddr . iif oif missing drop | ACCEPT",
        "fib saddr . iif oif eq 0 iif \"lo\" drop | UNKNOWN",
        "numgen random mod 2 vmap { 0 : drop, 1 : accept } | UNKNOWN",
        "tcp dport 80 ip dscp 0x05 jump b comment \"x\" | UNKNOWN",
        "ip saddr . tcp dport 10.0.0.1 drop | UNKNOWN",
        "add @s4 { ip daddr limit rate over 3/second } drop | UNKNOWN",
        "meta mark set ct mark meta mark 0x00000000 drop | UNKNOWN",
        "ct mark set 0x00000001 drop | DROP",
        "limit rate 3/second drop | UNKNOWN",
        "ct mark 0x00000001 drop | ACCEPT",
        "tcp flags psh / psh,ack drop | UNKNOWN",
        "tcp flags { syn, rst } drop | UNKNOWN",
        "tcp flags { fin, rst } drop | ACCEPT",
        "'tcp flags { syn, ack, syn | urg } ct state new drop' | UNKNOWN",
        "'tcp flags & (fin | syn | rst | ack) != syn ct state new drop' | ACCEPT",
        "ct state != established,related drop | UNKNOWN",
        "ct status == dnat drop | UNKNOWN",
        "ip saddr @dyn drop | UNKNOWN",
        "ip saddr @gone drop | UNKNOWN",
        "ip dscp 0x05 drop | UNKNOWN",
        "queue to symhash mod 2 | UNKNOWN",
        // user space decides
        "queue to 1 | QUEUED",
        "queue flags bypass,fanout to 1-3 | QUEUED",
        "queue num 1 bypass | QUEUED",
        "queue | QUEUED",
        "ct label 28 queue to 1 | UNKNOWN",
        "meta skuid 0 drop | ACCEPT",
        "skuid != 0 drop | ACCEPT",
        "ct label set 28 | ACCEPT",
        "ct label 28 ct state established,related drop | ACCEPT",
        "ct label 28 ct state new drop | UNKNOWN",
        "udp dport 5 limit rate 3/second drop | ACCEPT",
        "ct state invalid fib daddr type local drop | ACCEPT"
      })
  void rules(String rule, Fate expected) {
    assertThat(verdict("\t\t" + rule)).isEqualTo(expected);
  }

  @Test
  void marksAreCombinedAndMapped() {
    assertThat(
            verdict(
                "meta mark set 0x00000105\nmeta mark set meta mark & 0xffff00ff | 0x00000200\nmeta mark 0x00000205 drop"))
        .isEqualTo(Fate.DROP);
    assertThat(verdict("meta mark set ip saddr map @mk\nmeta mark 0x00000007 drop"))
        .isEqualTo(Fate.DROP);
    assertThat(verdict(
            "meta mark set meta mark ^ 0x00000004\nmeta mark & 0x00000004 == 0x00000004 drop"))
        .isEqualTo(Fate.DROP);
  }

  @Test
  void basesAreVisitedByPriorityAndEachMustPass() {
    String two = """
        table ip a {
        	chain late {
        		type filter hook forward priority filter + 10; policy drop;
        		meta mark 0x00000001 accept
        	}
        	chain early {
        		type filter hook forward priority mangle; policy accept;
        		meta mark set 0x00000001
        		accept
        	}
        	chain nat {
        		type nat hook prerouting priority dstnat; policy accept;
        		dnat to 1.2.3.4
        	}
        }
        """;
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.9.9.9"), Protocol.TCP, 80);
    assertThat(new Interpreter(NftablesReader.read(two)).walk(packet).fate())
        .isEqualTo(Fate.ACCEPT);
    assertThat(new Interpreter(NftablesReader.read(two.replace("mangle", "100")))
            .walk(packet)
            .fate())
        .isEqualTo(Fate.DROP);
  }

  @Test
  void aDormantTableHooksNothing() {
    String awake = TABLE.replace("RULES", "\t\tdrop");
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.9.9.9"), Protocol.TCP, 80);
    assertThat(new Interpreter(NftablesReader.read(awake)).walk(packet).fate())
        .isEqualTo(Fate.DROP);
    String dormant = awake.replace("table inet t {", "table inet t {\n\tflags dormant");
    assertThat(new Interpreter(NftablesReader.read(dormant)).walk(packet).fate())
        .isEqualTo(Fate.ACCEPT);
  }

  @Test
  void whatIptablesHidesIsNotTakenForUnderstood() {
    String hidden = """
        table ip filter {
        	chain FORWARD {
        		type filter hook forward priority filter; policy accept;
        		ip saddr 10.0.0.1  counter packets 0 bytes 0 drop
        	}
        }
        """;
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.9.9.9"), Protocol.TCP, 80);
    assertThat(new Interpreter(NftablesReader.read(hidden)).walk(packet).fate())
        .isEqualTo(Fate.UNKNOWN);
    String json = """
        {"nftables": [{"metainfo": {}}, {"table": {"family": "ip", "name": "filter", "handle": 1}},
        {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "type": "filter", "hook": "forward", "prio": 0, "policy": "accept"}},
        {"rule": {"family": "ip", "table": "filter", "chain": "FORWARD", "expr": [
          {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "10.0.0.1"}},
          {"xt": {"type": "match", "name": "set"}}, {"drop": null}]}}]}
        """;
    assertThat(new Interpreter(NftablesReader.read(json)).walk(packet).fate())
        .isEqualTo(Fate.UNKNOWN);
    assertThat(new Interpreter(
                NftablesReader.read(json.replace("\"name\": \"set\"", "\"name\": \"comment\"")))
            .walk(packet)
            .fate())
        .isEqualTo(Fate.DROP);
  }

  @Test
  void whatNftDoesNotPrintIsAnErrorWithItsPlace() {
    assertThatThrownBy(() -> NftablesReader.read("hello\n"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("nft list ruleset:1:1: error: `hello` is no table");
    assertThatThrownBy(() -> NftablesReader.read("table ip t {\n"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("brace");
    assertThatThrownBy(() -> NftablesReader.read("table ip t {\n\tchain c {\n\t\tdrop }\n\t} }\n"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("nft list ruleset:4:4: error: `}` is no table");
    assertThatThrownBy(() -> NftablesReader.read("table ip t {\n\tset s {\n\t\telements { 1 }\n"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("nft list ruleset:3:12: error: `{` does not belong here");
    assertThatThrownBy(() -> NftablesReader.read(
            "table ip t {\n\tchain c {\n\t\ttype filter hook forward priority later;\n}\n}\n"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("nft list ruleset:3:37: error: `later`: no priority");
    assertThatThrownBy(
            () -> NftablesReader.read("table ip t {\n\tchain c {\n\t\tjump nowhere\n}\n}\n"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("no chain ip t nowhere");
    assertThatThrownBy(() -> NftablesReader.read("{\"a\": 1}"))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("nftables");
  }
}
