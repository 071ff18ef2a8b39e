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

/** Chains that drop a forwarded packet in other places than the hooks of the network layer, as nft 1.0.6 prints them. */
class ChainsElsewhereTest {

  private static Fate verdict(String ruleset, int port) {
    Packet packet = Packet.opening(
            Address.parse("10.0.0.1"), Address.parse("10.9.9.9"), Protocol.TCP, port)
        .through("eth0", "eth1");
    return new Interpreter(NftablesReader.read(ruleset)).walk(packet).fate();
  }

  private static String chain(String family, String base, String rules) {
    return "table " + family + " t {\n\tchain c {\n\t\ttype " + base + "\n" + rules + "\n\t}\n}\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "netdev | filter hook ingress device \"eth0\" priority filter; policy drop; | DROP",
        "netdev | filter hook ingress devices = { eth0, lo } priority filter; policy drop; | DROP",
        "netdev | filter hook ingress devices = { \"eth2\", \"lo\" } priority filter; policy drop; | ACCEPT",
        "inet | filter hook ingress devices = { eth0, lo } priority filter; policy drop; | DROP",
        "netdev | filter hook ingress priority filter; policy drop; | UNKNOWN",
        "netdev | filter hook ingress priority filter; policy accept; | ACCEPT",
        "netdev | filter hook egress device \"eth1\" priority filter; policy drop; | DROP",
        "netdev | filter hook egress devices = { eth1, lo } priority filter; policy drop; | DROP",
        "netdev | filter hook egress device \"eth0\" priority filter; policy drop; | ACCEPT",
        "bridge | filter hook forward priority filter; policy drop; | UNKNOWN",
        "bridge | filter hook output priority filter; policy drop; | UNKNOWN",
        "bridge | filter hook prerouting priority dstnat; policy accept; | ACCEPT",
        "arp | filter hook input priority filter; policy drop; | UNKNOWN",
        "arp | filter hook output priority filter; policy accept; | ACCEPT",
        "ip | nat hook prerouting priority dstnat; policy drop; | UNKNOWN",
        "ip | nat hook postrouting priority srcnat; policy drop; | UNKNOWN",
        "ip | nat hook postrouting priority srcnat; policy accept; | ACCEPT",
      })
  void policiesDropWhereverAPacketMayCome(String family, String base, Fate fate) {
    assertThat(verdict(chain(family, base, ""), 80)).isEqualTo(fate);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "netdev | filter hook egress device \"eth1\" priority filter; policy accept; | tcp dport 80 drop | DROP",
        "bridge | filter hook forward priority filter; policy accept; | tcp dport 80 drop | UNKNOWN",
        "bridge | filter hook forward priority filter; policy accept; | ether saddr != 00:11:22:33:44:55 drop | UNKNOWN",
        "bridge | filter hook forward priority filter; policy accept; | tcp dport 81 drop | ACCEPT",
        "ip | nat hook postrouting priority srcnat; policy accept; | tcp dport 80 drop | UNKNOWN",
        "ip | nat hook postrouting priority srcnat; policy accept; | tcp dport 80 queue to 0 | UNKNOWN",
        "ip | nat hook postrouting priority srcnat; policy accept; | numgen random mod 2 vmap { 0 : drop } | UNKNOWN",
        "ip | nat hook postrouting priority srcnat; policy accept; | masquerade | ACCEPT",
        "ip | nat hook prerouting priority dstnat; policy accept; | numgen random mod 2 vmap { 0 : drop } | UNKNOWN",
      })
  void rulesDropWhereverAPacketMayCome(String family, String base, String rule, Fate fate) {
    assertThat(verdict(chain(family, base, "\t\t" + rule), 80)).isEqualTo(fate);
  }

  @Test
  void aChainThatBeginsNobodyKnowsWhereCannotBeRead() {
    assertThatThrownBy(
            () -> verdict(chain("ip", "filter gate forward priority 0; policy drop;", ""), 80))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("where this chain begins");
  }

  private static String json(String flags, String device) {
    return """
        {"nftables": [{"metainfo": {}}, {"table": {"family": "netdev", "name": "n"%s}}, {"chain": {"family": "netdev", "table": "n",
         "name": "i", "type": "filter", "hook": "ingress", "prio": 0, "policy": "drop"%s}}]}""".formatted(flags, device);
  }

  @Test
  void jsonSaysOneDeviceOrSeveralOrNone() {
    assertThat(verdict(json("", ", \"dev\": \"eth0\""), 80)).isEqualTo(Fate.DROP);
    assertThat(verdict(json("", ", \"dev\": [\"lo\", \"eth0\"]"), 80)).isEqualTo(Fate.DROP);
    assertThat(verdict(json("", ", \"dev\": [\"lo\", \"eth2\"]"), 80)).isEqualTo(Fate.ACCEPT);
    assertThat(verdict(json("", ""), 80)).isEqualTo(Fate.UNKNOWN);
  }

  @Test
  void aDormantTableHooksNothingAndFlagsThatSayNothingCannotBeRead() {
    assertThat(verdict(json(", \"flags\": \"dormant\"", ", \"dev\": \"eth0\""), 80))
        .isEqualTo(Fate.ACCEPT);
    assertThat(verdict(json(", \"flags\": [\"owner\"]", ", \"dev\": \"eth0\""), 80))
        .isEqualTo(Fate.DROP);
    assertThatThrownBy(() -> verdict(json(", \"flags\": \"n\"", ""), 80))
        .isInstanceOf(UnreadableDump.class)
        .hasMessageContaining("flags of table");
  }

  @Test
  void anElementOfLimitedRateMayMatchOrNot() {
    String ruleset = """
        {"nftables": [{"metainfo": {}}, {"table": {"family": "ip", "name": "x"}}, {"set": {"family": "ip", "name": "s", "table": "x", "type": "ipv4_addr",
         "elem": [{"elem": {"val": "10.0.0.1", "limit": {"rate": 5, "burst": 5, "per": "second"}}}]}},
         {"chain": {"family": "ip", "table": "x", "name": "f", "type": "filter", "hook": "forward", "prio": 0, "policy": "accept"}},
         {"rule": {"family": "ip", "table": "x", "chain": "f", "expr": [{"match": {"op": "==",
          "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@s"}}, {"drop": null}]}}]}""";
    assertThat(verdict(ruleset, 80)).isEqualTo(Fate.UNKNOWN);
  }
}
