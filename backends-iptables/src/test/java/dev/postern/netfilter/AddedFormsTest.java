package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Reader.Dump;
import dev.postern.iptables.reader.IptablesDumps;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.Update;
import dev.postern.nftables.reader.NftablesDumps;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of what an update adds only those forms are read of which it is known that the tools take them. */
class AddedFormsTest {

  private static final String RULESET = """
      table inet postern {
      	set s {
      		type ipv4_addr
      	}
      	set full {
      		type ipv4_addr
      		size 1
      	}
      	map m {
      		type ipv4_addr : verdict
      	}
      	chain a {
      		drop
      	}
      	chain hook_pre {
      		type filter hook prerouting priority 0; policy accept;
      		jump a
      	}
      }
      table ip tt_nat {
      	chain z {
      	}
      }
      """;

  private static final Map<String, List<Dump>> NFT =
      Map.of("nft", List.of(new Dump("nft", RULESET)));

  private static final Map<String, List<Dump>> IPTABLES = Map.of(
      "iptables-save",
      List.of(
          new Dump(
              "rules",
              "*mangle\n:FORWARD ACCEPT [0:0]\n:A - [0:0]\nCOMMIT\n*filter\n:FORWARD ACCEPT [0:0]\n:A - [0:0]\nCOMMIT\n")),
      "ipset-save",
      List.of(
          new Dump(
              "sets",
              "create h hash:ip family inet hashsize 64 maxelem 9\ncreate six hash:ip family inet6 hashsize 64 maxelem 9\n"
                  + "create t hash:ip family inet hashsize 64 maxelem 9 timeout 5\n"
                  + "create m hash:ip family inet6 hashsize 1024 maxelem 9 skbinfo bucketsize 12 initval 0x93a75381\n")));

  private static void refused(Map<String, List<Dump>> dumps, String file, String commands) {
    assertThatThrownBy(() -> Update.of(List.of(new Dump(file, commands))).states(dumps))
        .as(commands)
        .isInstanceOf(UnreadableDump.class)
        .hasMessageMatching("(?s)" + file.replace(".", "\\.") + ":[0-9]+:[0-9]+: error: .*");
  }

  private static void taken(Map<String, List<Dump>> dumps, String file, String commands) {
    assertThat(Update.of(List.of(new Dump(file, commands))).states(dumps))
        .as(commands)
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add element inet postern m { 10.0.0.1 : 5 }",
        "add element inet postern m { 10.0.0.1 timeout 1d : accept }",
        "add element inet postern m { 10.0.0.1 : jump hook_pre }",
        "add element inet postern s { 10.0.0.1 comment \"x\" }",
        "add element inet postern s { 10.0.0.1 counter }",
        "add element inet postern full { 10.0.0.1 }",
        "add element inet postern s { }",
        "add element inet postern s { 10.0.0.1,, 10.0.0.2 }",
        "add chain inet postern drop",
        "add chain inet postern ip",
        "add table bridge x_1",
        "add table inet x_"
            + "1234567890123456789012345678901234567890123456789012345678901234567890",
        "add chain inet postern x_1 { type filter hook ingress device lo priority 0; policy accept; }",
        "add chain inet postern x_1 { type nat hook prerouting priority raw; policy accept; }",
        "add chain inet postern x_1 { type filter hook input priority srcnat; policy accept; }",
        "add chain inet postern x_1 { type filter hook input priority 0; policy accept }",
        "add rule inet postern a ip saddr 10.0.0.1 ip6 saddr fd00::1 accept",
        "add rule inet postern a tcp dport 80 udp dport 53 accept",
        "add rule inet postern a meta l4proto udp reject with tcp reset",
        "add rule inet postern a reject with icmpx admin-prohibited",
        "add rule inet postern a ip saddr { 10.0.0.0/24, 10.0.0.3 } accept",
        "add rule inet postern a tcp dport { 80-90, 85 } accept",
        "add rule inet postern a ip6 saddr @s accept",
        "add rule inet postern a ip saddr vmap @s",
        "add rule inet postern a jump hook_pre",
        "add rule inet postern a jump a",
        "add rule inet postern a jump",
        "add rule inet postern a tcp dport 80 goto",
        "flush ruleset ip",
        "add rule ip tt_nat z ip6 saddr fd00::1 accept",
        "add rule inet postern a accept; drop",
        "table inet postern { chain z { drop; } }",
        "table inet x_1 {\n\tset x_2 {\n\t\ttype ipv4_addr\n\t\tsize 1\n\t}\n}",
        "table inet x_1 {\n\tset x_2 {\n\t\ttype ipv4_addr\n\t\telements = { 10.0.0.1\n10.0.0.2 }\n\t}\n}",
        "table inet x_1 {\n\tmap x_2 {\n\t\ttype ipv4_addr : inet_service\n\t}\n}",
        "table inet x_1 {\n\tchain x_2 {\n\t\tdrop }\n}",
        "destroy table inet x_1",
        "add table inet x_1\r",
        "add table inet x_1 # \u0000",
      })
  void nftIsNotKnownToTake(String command) {
    refused(NFT, "commands.nft", command + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create x hash:ip family inet hashsize 64 maxelem 0",
        "create x hash:ip family inet hashsize 64 maxelem 9 netmask 24",
        "create x hash:ip family inet hashsize 64 maxelem 9 hashsize 64",
        "create x hash:mac hashsize 64 maxelem 9",
        "create averylongnamethatnosetcanhaveatall hash:ip family inet hashsize 64 maxelem 9",
        "add h 10.0.0.1 skbmark 0x1/0x1",
        "add h 0.0.0.0",
        "add t 10.0.0.1",
        "add  h 10.0.0.1",
        "swap h h",
        "add h 10.0.0.1\r",
      })
  void ipsetIsNotKnownToTake(String command) {
    refused(IPTABLES, "sets.restore", "del h 10.0.0.9\n" + command + "\n");
  }

  /** {@code ipset save} prints what members have before it prints how they are hashed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "add m fd00::64 skbmark 0x5700000/0x0",
        "create x hash:ip family inet hashsize 64 maxelem 9 skbinfo\nadd x 10.0.0.1 skbmark 0x1/0x1",
      })
  void ipsetTakesMarksOfSetsThatHaveThem(String commands) {
    Update update = Update.of(List.of(new Dump("sets.restore", commands + "\n")));

    assertThatCode(() -> update.states(IPTABLES)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":ACCEPTED - [0:0]",
        ":A-2345678901234567890123456789 - [0:0]",
        ":-x - [0:0]",
        "-A A -j REJECT --reject-with icmp-port-unreachable",
        "-A FORWARD -j FORWARD",
        "-A A -j A",
        "-A OUTPUT -i eth0 -j DROP",
        "-A A -p tcp -m tcp -m tcp --dport 80 -j DROP",
        "-A A -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 -j DROP",
        "-A A -m multiport --dports 1 -j DROP",
        "-A A -p tcp -s 10.0.0.1/32 -j DROP",
        "-A A -m set --match-set six src -j DROP",
        "-A A -m set --match-set h src,dst -j DROP",
        "-A A -j SET --map-set h src --map-mark",
        "-A A  -j DROP",
        "-A A -j DROP\r",
        " -A A -j DROP",
      })
  void iptablesRestoreIsNotKnownToTake(String line) {
    refused(IPTABLES, "iptables.restore", "*mangle\n" + line + "\nCOMMIT\n");
  }

  @Test
  void chainsAreAsDeepAsTheKernelTakesThem() {
    taken(NFT, "deep.nft", deepRuleset(15));
    refused(NFT, "deep.nft", deepRuleset(16));
    taken(IPTABLES, "iptables.restore", deepTable(15));
    refused(IPTABLES, "iptables.restore", deepTable(16));
  }

  private static String deepRuleset(int jumps) {
    return "table inet x_1 {\n"
        + IntStream.range(0, jumps)
            .mapToObj(i -> "chain c_" + i + " {\njump c_" + (i + 1) + "\n}\n")
            .collect(Collectors.joining())
        + "chain c_" + jumps + " {\n}\n}\n";
  }

  private static String deepTable(int jumps) {
    return "*mangle\n"
        + IntStream.rangeClosed(0, jumps)
            .mapToObj(i -> ":C-" + i + " - [0:0]\n")
            .collect(Collectors.joining())
        + IntStream.range(0, jumps)
            .mapToObj(i -> "-A C-" + i + " -g C-" + (i + 1) + "\n")
            .collect(Collectors.joining())
        + "COMMIT\n";
  }

  @Test
  void aLastLineWithoutAnEndIsNotRead() {
    refused(NFT, "commands.nft", "add table inet x_1");
  }

  @Test
  void dumpsHoldWhatToolsPrint() {
    for (String strange : List.of("\r\n", "\u0000\n")) {
      Dump nft = new Dump("dump", RULESET.replaceFirst("\n", strange));
      assertThatThrownBy(() -> NftablesDumps.require(nft))
          .isInstanceOf(UnreadableDump.class)
          .hasMessageContaining("dump:1:21: error: a ");
      Dump rules = new Dump("dump", "*filter" + strange + "COMMIT\n");
      assertThatThrownBy(() -> IptablesDumps.require(List.of(rules), List.of()))
          .isInstanceOf(UnreadableDump.class)
          .hasMessageContaining("dump:1:8: error: a ");
      Dump sets = new Dump("dump", "create x hash:ip" + strange);
      assertThatThrownBy(() -> IptablesDumps.require(List.of(), List.of(sets)))
          .isInstanceOf(UnreadableDump.class)
          .hasMessageContaining("dump:1:17: error: a ");
    }
  }
}
