package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.nftables.reader.NftablesReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of hooks of one point and priority the kernel calls first the one that was registered last, which no dump shows. */
class SamePriorityTest {

  private static Fate verdict(String ruleset) {
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.UDP, 80);
    return new Interpreter(NftablesReader.read(ruleset)).walk(packet).fate();
  }

  private static String chain(String family, String hook, String rule) {
    return """
        table %s %s {
        	chain c {
        		type filter hook %s; policy accept;
        		%s
        	}
        }
        """.formatted(
            family, "t" + Math.floorMod((family + hook + rule).hashCode(), 10_000), hook, rule);
  }

  @ParameterizedTest
  @CsvSource({
    // Whoever comes first, the packet may find the mark, or not.
    "ip,   forward priority filter,     forward priority filter,      UNKNOWN",
    "inet, forward priority filter,     forward priority filter,      UNKNOWN",
    "ip,   forward priority filter,     forward priority filter + 1,  DROP",
    "ip,   forward priority filter + 1, forward priority filter,      ACCEPT",
    "ip,   prerouting priority mangle,  forward priority mangle,      DROP",
    "ip6,  forward priority filter,     forward priority filter,      ACCEPT"
  })
  void aMarkOfTheSamePriorityIsNotKnown(String family, String one, String other, Fate expected) {
    String marks = chain(family, one, "meta mark set 0x00000001");
    String drops = chain("ip", other, "meta mark 0x00000001 drop");

    assertThat(verdict(marks + drops)).isEqualTo(expected);
    assertThat(verdict(drops + marks)).isEqualTo(expected);
  }

  @Test
  void bitsThatNobodyElseSetsAreKnown() {
    String marks = chain("ip", "forward priority filter", "meta mark set meta mark | 0x00000002");
    String drops =
        chain("ip", "forward priority filter", "meta mark & 0x00000001 == 0x00000000 drop");

    assertThat(verdict(marks + drops)).isEqualTo(Fate.DROP);
  }

  @Test
  void whoWasTheLastToMarkIsNotKnown() {
    String one = chain("ip", "forward priority filter", "meta mark set 0x00000001");
    String two = chain("ip", "forward priority filter", "meta mark set 0x00000002");
    String drops = chain("ip", "postrouting priority filter", "meta mark 0x00000002 drop");

    assertThat(verdict(one + two + drops)).isEqualTo(Fate.UNKNOWN);
    assertThat(verdict(two + drops)).isEqualTo(Fate.DROP);
  }

  @Test
  void atThePriorityOfTheNatTablesADestinationMayBeTranslatedAlready() {
    String translates = """
        table ip nat {
        	chain prerouting {
        		type nat hook prerouting priority dstnat; policy accept;
        		udp dport 53 dnat to 10.0.0.2:80
        	}
        }
        """;
    String accepts = chain("ip", "prerouting priority dstnat", "ip daddr != 10.0.0.2 drop");

    assertThat(verdict(accepts)).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(translates + accepts)).isEqualTo(Fate.UNKNOWN);
  }
}
