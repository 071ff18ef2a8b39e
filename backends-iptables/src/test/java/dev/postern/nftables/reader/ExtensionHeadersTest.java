package dev.postern.nftables.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ip6 nexthdr} looks at the first header alone: a datagram with destination options passes a rule that drops those whose next header is UDP. */
class ExtensionHeadersTest {

  @ParameterizedTest
  @CsvSource({
    "ip6 nexthdr udp drop,      UNKNOWN",
    "ip6 nexthdr != udp drop,   UNKNOWN",
    "ip6 nexthdr tcp drop,      ACCEPT",
    "ip6 nexthdr != tcp drop,   DROP",
    "ip6 nexthdr 60 drop,       UNKNOWN",
    "meta l4proto udp drop,     DROP",
    "udp dport 80 drop,         DROP"
  })
  void theNextHeaderNeedNotBeTheProtocol(String rule, Fate expected) {
    Packet packet =
        Packet.opening(Address.parse("fd00::1"), Address.parse("fd00::2"), Protocol.UDP, 80);
    assertThat(new Interpreter(NftablesReader.read("""
        table ip6 t {
        	chain f {
        		type filter hook forward priority filter; policy accept;
        		%s
        	}
        }
        """.formatted(rule)))
            .walk(packet)
            .fate())
        .isEqualTo(expected);
  }
}
