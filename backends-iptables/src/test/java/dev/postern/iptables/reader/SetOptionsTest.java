package dev.postern.iptables.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options by which a set or a match holds for other packets than its members say. */
class SetOptionsTest {

  private static Fate verdict(String rule, String sets) {
    String rules = "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD " + rule + "\nCOMMIT\n";
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.UDP, 80);
    return new Interpreter(IptablesReader.read(rules, "", sets)).walk(packet).fate();
  }

  @ParameterizedTest
  @CsvSource({
    // A mask makes a set match more than its members, of which only the networks' first addresses
    // are printed.
    "hash:ip family inet hashsize 64 maxelem 9 netmask 24,            UNKNOWN",
    "hash:ip family inet hashsize 64 maxelem 9 bitmask 255.0.255.255, UNKNOWN",
    "hash:ip family inet hashsize 64 maxelem 9 bucketsize 12 initval 0x1f, DROP",
    "hash:ip family inet hashsize 64 maxelem 9 counters comment skbinfo forceadd, DROP",
    "bitmap:ip range 10.0.0.0-10.0.0.255,                             DROP",
    "hash:ip family inet some-option-of-a-newer-release,              UNKNOWN"
  })
  void ofASet(String created, Fate expected) {
    assertThat(verdict(
            "-m set --match-set s dst -j DROP", "create s " + created + "\nadd s 10.0.0.2\n"))
        .isEqualTo(expected);
  }

  @Test
  void aMatchWithoutOptionsBeforeTheRulesOwnIsNotPassedOver() {
    assertThat(verdict("-m socket -s 10.0.0.1/32 -j DROP", "")).isEqualTo(Fate.UNKNOWN);
    assertThat(verdict("-m socket ! -i eth0 -j DROP", "")).isEqualTo(Fate.UNKNOWN);
    assertThat(verdict("-s 10.0.0.1/32 -j DROP", "")).isEqualTo(Fate.DROP);
  }
}
