package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules that can't matter where they stand, as nft itself prints them, make no answer unknown; those that can, do. */
class NftStatementsKernelTest {

  /** Behind these every packet is accepted all the same, whatever they ask of it. */
  private static final List<String> HARMLESS = List.of(
      "ct status dnat accept",
      "fib saddr type local accept",
      "fib daddr type { local, broadcast, multicast } counter",
      "fib saddr . iif oif missing drop",
      "fib saddr . mark . iif oif 0 drop",
      "tcp flags syn / syn,rst tcp option maxseg size set rt mtu",
      "tcp flags & (fin|syn) == (fin|syn) accept",
      "limit rate 5/second accept",
      "limit rate 10/minute burst 5 packets log prefix \"x\" level info",
      "quota over 10 mbytes accept",
      "ct mark & 0xff == 0x1 accept",
      "ct label 1 accept",
      "meta skuid 0 accept",
      "ct label set 1",
      "meta iiftype ether accept",
      "ip dscp ef accept",
      "ip dscp set ef",
      "ip6 hoplimit set 64",
      "ip ttl 1 accept",
      "ip length > 100 accept",
      "ip frag-off & 0x1fff != 0 accept",
      "ct original ip daddr 10.96.0.0/12 accept",
      "ct count over 1000 accept",
      "ct helper \"ftp\" accept",
      "ct zone 1 accept",
      "meta pkttype broadcast accept",
      "meta day \"Monday\" accept",
      "meta mark set ct mark",
      "ct mark set meta mark",
      "meta mark set jhash ip saddr mod 16",
      "meta priority set 1:10",
      "meta nftrace set 1",
      "add @q { ip saddr }",
      "update @q { ip saddr limit rate 5/second }",
      "ip saddr @q accept",
      "ip saddr . tcp dport @c accept",
      "numgen random mod 2 vmap { 0 : accept, 1 : accept }",
      "jhash ip saddr mod 2 vmap { 0 : accept, 1 : continue }",
      "ip protocol . th dport { tcp . 53, udp . 53 } accept",
      "ip saddr . tcp dport . ip protocol { 10.0.0.1 . 80-90 . tcp } accept",
      "ip saddr . ip daddr vmap { 10.0.0.1 . 10.0.0.2 : accept }",
      "@nh,96,32 0x0a000001 accept",
      "iifname . oifname { \"eth0\" . \"eth1\" } accept",
      "iifgroup 5 accept",
      "log prefix \"a\" group 5 snaplen 10 accept",
      "icmp type { echo-request, echo-reply } icmp code 0 accept",
      "ether saddr 00:11:22:33:44:55 accept",
      "ct bytes > 1000 accept",
      "rt classid cosmos accept",
      "meta hour \"10:00\"-\"12:00\" accept");

  /** What becomes of TCP depends on these. */
  private static final List<String> DECISIVE = List.of(
      "limit rate over 5/second drop",
      "quota over 10 mbytes drop",
      "ct label 1 drop",
      "tcp flags syn / syn,ack drop",
      "numgen random mod 2 vmap { 0 : drop, 1 : accept }",
      "update @q { ip saddr limit rate over 5/second } drop",
      "ip saddr @q drop",
      "meta mark set jhash ip saddr mod 2 meta mark 0x1 drop",
      "ip ttl set 1");

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  private static String table(String rule) {
    return """
        flush ruleset
        table inet t {
          set q { type ipv4_addr; flags dynamic; size 100; }
          set c { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/24 . 80-90 }; }
          chain c {
            type filter hook forward priority 10; policy accept;
            %s
          }
        }
        """.formatted(rule);
  }

  /** What the reader makes of the rule in both forms that nft prints; empty where this kernel or nft does not take it. */
  private static Set<Fate> fates(String rule, Protocol protocol) {
    try {
      lab.inRouterWithInput(table(rule), "nft -f -");
    } catch (IllegalStateException refused) {
      return Set.of();
    }
    Set<Fate> fates = EnumSet.noneOf(Fate.class);
    for (String dump : List.of(
        lab.inRouter("nft", "list", "ruleset"), lab.inRouter("nft", "-j", "list", "ruleset"))) {
      Interpreter interpreter = new Interpreter(NftablesReader.read(dump));
      Packet packet =
          Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.9.9.9"), protocol, 53);
      for (Packet each : List.of(packet, packet.in(ConnectionState.ESTABLISHED, true))) {
        fates.add(interpreter.walk(each.through("eth0", "eth1")).fate());
      }
    }
    return fates;
  }

  @Test
  void aRuleThatCannotMatterMakesNothingUnknown() {
    List<String> taken = new ArrayList<>();
    for (String rule : HARMLESS) {
      for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.OTHER)) {
        Set<Fate> fates = fates(rule, protocol);
        assertThat(fates).as(rule).isSubsetOf(Fate.ACCEPT);
        if (!fates.isEmpty() && protocol == Protocol.TCP) {
          taken.add(rule);
        }
      }
    }
    assertThat(taken).hasSizeGreaterThan(HARMLESS.size() * 3 / 4);
  }

  @Test
  void aRuleThatDecidesByWhatNobodySeesMakesItUnknown() {
    int taken = 0;
    for (String rule : DECISIVE) {
      Set<Fate> fates = fates(rule, Protocol.TCP);
      if (!fates.isEmpty()) {
        assertThat(fates).as(rule).contains(Fate.UNKNOWN).doesNotContain(Fate.DROP);
        taken++;
      }
    }
    assertThat(taken).isGreaterThan(DECISIVE.size() / 2);
  }
}
