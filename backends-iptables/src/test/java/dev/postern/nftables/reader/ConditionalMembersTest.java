package dev.postern.nftables.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members of a set that have a limit, a quota or a count match some packets only. */
class ConditionalMembersTest {

  private static Fate verdict(String ruleset) {
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.0.0.2"), Protocol.UDP, 80);
    return new Interpreter(NftablesReader.read(ruleset)).walk(packet).fate();
  }

  @ParameterizedTest
  @CsvSource({
    "counter,                      counter packets 0 bytes 0,    DROP",
    "size 5,                       '',                           DROP",
    "comment \"limit\",            comment \"quota\",            DROP",
    "limit rate over 100/second,   limit rate over 100/second,   UNKNOWN",
    "quota over 10 mbytes,         quota over 10 mbytes used 0 bytes, UNKNOWN",
    "ct count over 100,            ct count over 100,            UNKNOWN",
    "size 5,                       limit rate over 100/second,   UNKNOWN",
    "last,                         '',                           UNKNOWN"
  })
  void inText(String set, String element, Fate expected) {
    assertThat(verdict("""
        table ip t {
        	set s {
        		type ipv4_addr
        		%s
        		elements = { 10.0.0.2 %s }
        	}
        	chain f {
        		type filter hook forward priority filter; policy accept;
        		ip daddr @s drop
        	}
        }
        """.formatted(set, element))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"size\": 5                            | \"counter\": {\"packets\": 0, \"bytes\": 0} | DROP",
        "\"stmt\": [{\"counter\": null}]        | \"comment\": \"x\"                          | DROP",
        "\"stmt\": [{\"ct count\": {\"val\": 9}}] | \"comment\": \"x\"                        | UNKNOWN",
        "\"size\": 5                            | \"ct count\": {\"val\": 100, \"inv\": true} | UNKNOWN",
        "\"flags\": \"dynamic\"                 | \"comment\": \"x\"                          | UNKNOWN",
        "\"flags\": [\"timeout\"]               | \"comment\": \"x\"                          | UNKNOWN"
      })
  void inJson(String set, String element, Fate expected) {
    assertThat(verdict("""
        {"nftables": [{"metainfo": {}}, {"table": {"family": "ip", "name": "t"}},
         {"set": {"family": "ip", "table": "t", "name": "s", "type": "ipv4_addr", %s,
           "elem": [{"elem": {"val": "10.0.0.2", %s}}]}},
         {"chain": {"family": "ip", "table": "t", "name": "f", "type": "filter", "hook": "forward",
           "prio": 0, "policy": "accept"}},
         {"rule": {"family": "ip", "table": "t", "chain": "f", "expr": [
           {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}},
             "right": "@s"}}, {"drop": null}]}}]}
        """.formatted(set, element))).isEqualTo(expected);
  }
}
