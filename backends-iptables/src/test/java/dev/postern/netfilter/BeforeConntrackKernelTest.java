package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Passage;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.net.Address;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules make of a packet before a real kernel's conntrack has looked at it. */
class BeforeConntrackKernelTest {

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("nft", "iptables");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  private static final Packet OPENING =
      new Packet(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), 17, 1025, 80, 1);

  /** Whether the first packet of a connection passes the kernel. */
  private static boolean passes() {
    for (int i = 0; i < 3; i++) {
      lab.forget();
      if (lab.carry(List.of(OPENING, KernelVerdicts.LAST)).contains(OPENING.number())) {
        return true;
      }
    }
    return false;
  }

  private static Passage.Fate fate(EnforcedRules rules) {
    return new Interpreter(rules)
        .walk(new dev.postern.enforced.Packet(
            OPENING.source(),
            OPENING.destination(),
            OPENING.protocol(),
            OPENING.sourcePort(),
            OPENING.port(),
            0,
            "in0",
            "out0",
            ConnectionState.NEW,
            false,
            0))
        .fate();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-300 | accept | ct state invalid drop",
        "-200 | accept | ct state invalid drop",
        "-199 | accept | ct state invalid drop",
        "-300 | accept | ct state != { new, established, related } drop",
        "-300 | accept | ct state new drop",
        "-199 | accept | ct state new drop",
        "-300 | accept | ct state untracked drop",
        "-300 | drop   | ct state established,related accept; ct state new accept",
        "-300 | drop   | ct state vmap { invalid : accept, new : drop }",
        "-300 | accept | ct direction original drop",
        "-199 | accept | ct direction original drop",
        "-300 | accept | ct direction != reply drop",
        "-300 | drop   | ct direction reply accept; ct direction original accept",
        "-300 | accept | ct mark 0 drop",
        "-199 | accept | ct mark 0 drop",
        "-300 | accept | ct mark != 1 drop",
        "-300 | drop   | ct mark 0 accept",
        "-300 | accept | ct status dnat drop",
        "-300 | accept | ct state invalid meta mark set 1; meta mark 1 drop",
        "-300 | accept | meta l4proto udp ct state invalid jump other",
        "-300 | accept | notrack; ct state invalid drop",
        "-300 | accept | notrack; ct state untracked drop"
      })
  void ofNftables(int priority, String policy, String rules) {
    lab.inRouterWithInput("""
        flush ruleset
        table inet t {
          chain other { drop; }
          chain c {
            type filter hook prerouting priority %d; policy %s;
            meta l4proto != udp accept
            udp dport != 80 accept
            %s
          }
        }
        """.formatted(priority, policy, rules.replace("; ", "\n")), "nft -f -");
    boolean passes = passes();
    for (String dump : List.of(
        lab.inRouter("nft", "list", "ruleset"), lab.inRouter("nft", "-j", "list", "ruleset"))) {
      agrees(
          fate(NftablesReader.read(dump)),
          passes,
          rules,
          priority == -200 || rules.contains("notrack"));
    }
    lab.inRouter("nft", "flush", "ruleset");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ACCEPT | -m conntrack --ctstate INVALID -j DROP",
        "ACCEPT | -m conntrack ! --ctstate NEW,ESTABLISHED,RELATED -j DROP",
        "ACCEPT | -m conntrack --ctstate NEW -j DROP",
        "ACCEPT | -m state --state INVALID -j DROP",
        "DROP   | -m conntrack --ctstate NEW,ESTABLISHED,RELATED -j ACCEPT",
        "DROP   | -m conntrack --ctdir ORIGINAL -j ACCEPT",
        "ACCEPT | -m conntrack --ctdir ORIGINAL -j DROP",
        "ACCEPT | -m connmark --mark 0x0 -j DROP",
        "ACCEPT | -m connmark ! --mark 0x1 -j DROP",
        "DROP   | -m connmark --mark 0x0 -j ACCEPT"
      })
  void ofIptables(String policy, String rule) {
    lab.inRouterWithInput("""
        *raw
        :PREROUTING %s [0:0]
        -A PREROUTING ! -p udp -j ACCEPT
        -A PREROUTING -p udp -m udp ! --dport 80 -j ACCEPT
        -A PREROUTING -p udp %s
        COMMIT
        """.formatted(policy, rule), "iptables-restore");
    boolean passes = passes();
    agrees(fate(IptablesReader.read(lab.inRouter("iptables-save"), "", "")), passes, rule, false);
    lab.inRouterWithInput("*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n", "iptables-restore");
  }

  /** After notrack, and at conntrack's own priority, it may not be known. */
  private static void agrees(
      Passage.Fate fate, boolean passes, String rules, boolean mayBeUnknown) {
    if (!mayBeUnknown || fate != Passage.Fate.UNKNOWN) {
      assertThat(fate).as(rules).isEqualTo(fateOf(passes));
    }
  }

  private static Passage.Fate fateOf(boolean passes) {
    return passes ? Passage.Fate.ACCEPT : Passage.Fate.DROP;
  }
}
