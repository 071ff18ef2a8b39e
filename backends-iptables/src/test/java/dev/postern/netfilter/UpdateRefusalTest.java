package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Reader.Dump;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.Update;
import dev.postern.netfilter.update.UpdateState;
import dev.postern.nftables.reader.NftablesDumps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tool refuses, and what may mean more than it seems to, is followed nowhere: a state that no node has would be proved. */
class UpdateRefusalTest {

  private static final String RULESET = """
      table inet postern {
      	set s {
      		type ipv4_addr
      		flags interval
      		elements = { 10.0.0.0/24, 10.0.2.5, 10.0.3.1-10.0.3.9 }
      	}
      	set h {
      		type ipv4_addr
      		elements = { 10.0.0.1, 10.0.0.2 }
      	}
      	map m {
      		type ipv4_addr : verdict
      		elements = { 10.0.0.1 : goto a }
      	}
      	chain a {
      		ip saddr @h accept
      		drop
      	}
      	chain forward {
      		type filter hook forward priority filter; policy accept;
      		ct state established,related accept
      		ip daddr vmap @m
      	}
      }
      table ip other {
      	chain f {
      		type filter hook forward priority 10; policy accept;
      		drop
      	}
      }
      table ip6 sleeping {
      	flags dormant
      	chain f {
      		type filter hook forward priority 10; policy accept;
      		drop
      	}
      }
      """;

  private static final String RULES = """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD DROP [0:0]
      :OUTPUT ACCEPT [0:0]
      :A - [0:0]
      :B - [0:0]
      -A FORWARD -m set --match-set s src -j A
      -A FORWARD -m set --match-set l src -j DROP
      -A A -p tcp -m tcp --dport 80 -j ACCEPT
      COMMIT
      """;

  private static final String SETS = """
      create s hash:net family inet hashsize 64 maxelem 3
      create h hash:ip family inet hashsize 64 maxelem 100
      create free hash:ip family inet hashsize 64 maxelem 100
      create six hash:ip family inet6 hashsize 64 maxelem 100
      create p hash:ip,port family inet hashsize 64 maxelem 100
      create l list:set size 8
      add s 10.0.0.0/24
      add s 10.0.2.5
      add h 10.0.0.1
      add l h
      """;

  private static List<UpdateState> states(
      Map<String, String> dumps, String file, String... commands) {
    Map<String, List<Dump>> before = new HashMap<>();
    dumps.forEach((name, text) -> before.put(name, List.of(new Dump(name, text))));
    List<Update> updates = new ArrayList<>();
    for (String each : commands) {
      updates.add(Update.of(List.of(new Dump(file, each))));
    }
    return Update.inOrder(updates).states(before);
  }

  private static final Map<String, String> IPTABLES =
      Map.of("iptables-save", RULES, "ipset-save", SETS);

  private static void refused(Map<String, String> dumps, String file, String command) {
    assertThatThrownBy(() -> states(dumps, file, command))
        .as(command)
        .isInstanceOf(UnreadableDump.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete element inet postern h { 10.0.0.1/32 }",
        "delete element inet postern s { 10.0.0.0/25 }",
        "destroy element inet postern s { 10.0.0.7 }",
        "add element inet postern s { 10.0.0.7 }",
        "add element inet postern s { 10.0.0.5/24 }",
        "add element inet postern h { 10.0.0.0/24 }",
        "add element inet postern h { localhost }",
        "add element inet postern m { 10.0.0.1 : drop }",
        "add element inet postern m { 10.0.0.2:goto a }",
        "add element inet postern m { 10.0.0.2 : goto nowhere }",
        "create element inet postern h { 10.0.0.1 }",
        "add rule inet postern forward jump nowhere",
        "add rule inet postern forward ip saddr @nowhere drop",
        "add rule inet postern forward policy drop",
        "add rule inet postern forward index 0 drop",
        "add rule inet postern forward",
        "add chain inet postern forward { type filter hook forward priority -5; }",
        "add chain inet postern a { type filter hook forward priority 0; policy drop; }",
        "add chain inet postern a { policy drop; }",
        "add chain inet postern forward { policy drop; policy accept; }",
        "delete chain inet postern a",
        "delete set inet postern h",
        "delete chain inet postern forward { drop; }",
        "delete table inet postern { flags dormant; }",
        "delete table inet handle 1",
        "destroy chain inet postern handle 1",
        "create table inet postern",
        "add table inet postern { flags dormant; }",
        "add table ip6 sleeping",
        "add set inet postern m { type ipv4_addr; }",
        "add set inet postern h { type ipv6_addr; }",
        "add set inet postern t",
        "insert chain inet postern b",
        "flush ruleset everything",
        "add rule inet \"postern\" forward accept",
        "add rule inet postern forward drop }",
        "add chain inet postern b {",
        "table inet postern { chain b { drop\n }",
        "add rule inet postern a comment \"\n\" accept",
        "table inet postern { set z { type ipv4_addr; banana; }; }",
        "table inet postern { set z { type ipv4_addr\nadd rule inet p f drop\n} }",
        "table inet postern { set z { type ipv4_addr; flags fast; } }",
        "table inet postern { set z { type fruit; } }",
        "table inet postern { set z { size 3; } }",
        "table inet postern { map z { type ipv4_addr : verdict\nadd rule inet p f accept\n} }",
        "table inet postern { chain z { drop\nbanana\n} }",
        "table inet postern { chain z { drop\nadd rule inet postern a drop\n} }",
        "table inet postern { chain z { ct state new return\nreset counters\ndrop\n} }",
        "table inet postern { chain z { flush chain inet postern a\n} }",
        "table inet postern { chain z { banana\n} }\ndelete chain inet postern z",
        "add chain inet postern z { type filter hook nowhere priority 0; }",
        "add chain inet postern z { type filter hook forward priority high; }",
        "add rule inet postern a banana",
        "add rule inet postern a drop accept",
        "add rule inet postern a drop counter",
        "add rule inet postern a ip saddr 10.0.0.1/33 drop",
        "add rule inet postern a ip saddr fd00::1 drop",
        "add rule inet postern a tcp dport 65536 drop",
        "add rule inet postern a ct state banana drop",
        "add rule inet postern a reject with banana",
        "add rule inet postern a counter name nobody drop",
        "add rule inet postern a log level banana drop",
      })
  void nftRefusesOrMeansMore(String command) {
    refused(Map.of("nft", RULESET), "commands.nft", command + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ct state established,related accept",
        "ip saddr @h counter packets 0 bytes 0 drop",
        "tcp dport { 80, 443 } accept comment \"web\"",
        "ip6 saddr fd00::/8 udp dport 53 accept",
        "iifname \"eth0\" log prefix \"dropped: \" level info drop",
        "reject with icmpx admin-prohibited",
        "tcp dport 22 reject with tcp reset",
        "meta mark set 0x1",
        "meta mark 0x1 return",
        "ip daddr vmap @m",
        "ip protocol icmp jump a",
        "counter",
      })
  void nftTakesRulesThatAreUnderstood(String rule) {
    assertThat(after("table inet postern {\n\tchain z {\n\t\t" + rule + "\n\t}\n}"))
        .contains(rule);
    assertThat(after("add chain inet postern z\nadd rule inet postern z " + rule))
        .contains(rule);
  }

  private static String after(String command) {
    List<UpdateState> states = states(Map.of("nft", RULESET), "commands.nft", command + "\n");
    return states.get(states.size() - 1).dumps().get("nft").get(0).text();
  }

  @Test
  void aTableGoesAloneAndARulesetWhole() {
    assertThat(after("delete table inet postern"))
        .doesNotContain("table inet postern")
        .contains("table ip other", "table ip6 sleeping");
    assertThat(after("flush ruleset")).isEqualTo(NftablesDumps.NO_TABLES);
  }

  @Test
  void twoSpellingsOfOneElementAreOne() {
    assertThat(after("delete element inet postern s { 10.0.0.0-10.0.0.255 }"))
        .doesNotContain("10.0.0.0/24");
  }

  @Test
  void aNewPolicyTakesTheOldOnesPlaceAndARuleGoesBeforeTheOthers() {
    assertThat(
            after(
                "add chain inet postern forward { policy drop; }\ninsert rule inet postern forward tcp dport 9 drop"))
        .containsSubsequence(
            "chain forward", "policy drop", "tcp dport 9 drop", "ct state established", "vmap")
        .doesNotContain("\t\tpolicy accept\n\t\ttcp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "del s 10.0.2.5/32",
        "del s 10.0.0.7/24",
        "add h 10.0.0.1-10.0.0.3",
        "add h 10.0.0.0/30",
        "add s 0.0.0.0/0",
        "add h fd00::1",
        "add p 10.0.0.1,80",
        "add p 10.0.0.1,tcp:80-82",
        "add h localhost",
        "add h 10.0.0.3 timeout 5",
        "add s 10.0.1.0/24\nadd s 10.0.4.0/24",
        "create s hash:ip family inet",
        "create h hash:net family inet maxelem 100",
        "swap s h",
        "swap h six",
        "destroy s",
        "destroy h",
        "destroy",
        "rename s other",
        "del l nowhere",
        "add l nowhere",
        "flush",
      })
  void ipsetRefusesOrMeansMore(String command) {
    refused(IPTABLES, "sets.restore", "add free 10.0.0.9\n" + command + "\n");
  }

  @Test
  void aMemberOfASetInAListIsSeenByRules() {
    assertThat(states(IPTABLES, "sets.restore", "add h 10.0.0.3\nadd free 10.0.0.3\n"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-I FORWARD 0 -j ACCEPT",
        "-I FORWARD 99999999999 -j ACCEPT",
        "-I FORWARD 9 -j ACCEPT",
        "-A PREROUTING -j ACCEPT",
        "-A A -s 10.0.0.1,10.0.0.2 -j DROP",
        ":A ACCEPT [0:0]",
        ":FORWARD QUEUE [0:0]",
        "-P A DROP",
        "-N A",
        "-X A",
        "-X FORWARD",
        "-R FORWARD 1 -j DROP",
        "-D FORWARD 1",
        "*nat",
        " COMMIT",
        "-A B -m banana -j DROP",
        "-A B -j DROP --banana",
        "-A B -j BANANA",
        "-A B -p banana -j DROP",
        "-A B -p tcp -m tcp --dport 65536 -j DROP",
        "-A B --dport 80 -j DROP",
        "-A B -s 10.0.0.1/33 -j DROP",
        "-A B -s fd00::1 -j DROP",
        "-A B -i averylonginterface -j DROP",
        "-A B -m conntrack --ctstate BANANA -j DROP",
        "-A B -m set --match-set nowhere src -j DROP",
        "-A B -j REJECT --reject-with banana",
        "-A B -j LOG --log-banana",
        "-A B -j RETURN\n-A B banana",
        "-I B 1 -m banana -j DROP",
      })
  void iptablesRefusesOrMeansMore(String line) {
    refused(IPTABLES, "iptables.restore", "*filter\n" + line + "\nCOMMIT\n");
  }

  @Test
  void aRuleWithoutConditionsOrTargetIsOne() {
    assertThat(states(IPTABLES, "iptables.restore", "*filter\n-A B\nCOMMIT\n")).hasSize(1);
  }

  @Test
  void rulesWithoutACommitAreNotInForce() {
    refused(IPTABLES, "iptables.restore", "*filter\n-A FORWARD -j ACCEPT\n");
    refused(IPTABLES, "iptables.restore", "-A FORWARD -j ACCEPT\n");
  }

  @Test
  void aChainThatIsBuiltInKeepsRulesAndPolicyWhereItIsNamed() {
    List<UpdateState> states =
        states(IPTABLES, "iptables.restore", "*filter\n:FORWARD - [0:0]\nCOMMIT\n");
    assertThat(states.get(0).dumps().get("iptables-save").get(0).text())
        .contains(":FORWARD DROP", "-A FORWARD -m set --match-set s src -j A");
  }

  @Test
  void eachTableIsInForceByItself() {
    assertThat(states(
            IPTABLES,
            "iptables.restore",
            "*filter\n-A B -j DROP\nCOMMIT\n*mangle\n-A FORWARD -j ACCEPT\nCOMMIT\n"))
        .hasSize(2);
  }

  @Test
  void itHasToBeClearWhichFamilyAFileIsFor() {
    String rules = "*filter\n-P FORWARD ACCEPT\nCOMMIT\n";
    refused(IPTABLES, "rules.restore", rules);
    refused(IPTABLES, "ip6.restore", "# Generated by iptables-save\n" + rules);
    assertThat(states(
            IPTABLES,
            "rules.restore",
            rules.replace("COMMIT", "-A A -s 10.0.0.1/32 -j DROP\nCOMMIT")))
        .hasSize(1);
  }

  @Test
  void rulesOfAnotherVariantAreNotPassedOver() {
    Map<String, String> legacy = Map.of("iptables-legacy-save", RULES, "ipset-save", SETS);
    refused(legacy, "iptables.restore", "*filter\n-P FORWARD ACCEPT\nCOMMIT\n");
    assertThat(states(legacy, "sets.restore", "del s 10.0.2.5\n"))
        .first()
        .satisfies(state ->
            assertThat(state.dumps().get("ipset-save").get(0).text()).doesNotContain("10.0.2.5"));
  }

  @Test
  void tablesOfIptablesAreNotChangedByNft() {
    Map<String, String> both = Map.of("iptables-save", RULES, "ipset-save", SETS, "nft", RULESET);
    refused(both, "commands.nft", "flush ruleset\n");
    refused(both, "commands.nft", "add table ip filter\n");
    assertThat(states(both, "commands.nft", "delete table inet postern\n")).hasSize(1);
  }

  @Test
  void updatesFollowEachOther() {
    assertThat(states(
            Map.of("nft", RULESET),
            "same.nft",
            "add rule inet postern a accept\n",
            "flush chain inet postern a\n"))
        .hasSize(2)
        .last()
        .satisfies(state -> assertThat(state.dumps().get("nft").get(0).text())
            .doesNotContain("ip saddr @h accept"));
  }
}
