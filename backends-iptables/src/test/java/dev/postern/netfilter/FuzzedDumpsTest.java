package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Backend;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Damaged dumps are read, or are an error with a place: whatever stands there, readers never end in another exception. */
class FuzzedDumpsTest {

  private static final List<String> STRANGE = List.of(
      "\"",
      "{",
      "}",
      ",",
      ";",
      ":",
      ".",
      "!",
      "=",
      "!=",
      "&",
      "-",
      "0",
      "-1",
      "99999999999",
      "0x",
      "@",
      "@x",
      "\\",
      "#",
      "*",
      "*filter",
      "COMMIT",
      ":C",
      "-A",
      "-j",
      "-g",
      "-m",
      "set",
      "--match-set",
      "src",
      "src,dst",
      "[0:0]",
      "1.2.3.4/33",
      "::/129",
      "1.2.3.4-1.2.3.3",
      "1.2.3.0/255.0.255.0",
      "80-79",
      "70000",
      "table",
      "chain",
      "map",
      "vmap",
      "meta",
      "mark",
      "ct",
      "state",
      "type",
      "hook",
      "priority",
      "policy",
      "elements",
      "jump",
      "goto",
      "nowhere",
      "drop",
      "reject",
      "update",
      "delete",
      "timeout",
      "counter",
      "\n",
      "\u0000",
      "ä",
      "😀");

  @Property(tries = 500)
  void ofNftables(@ForAll long seed) throws Refusal {
    String text = artifact(Nftables.backend(), seed).file(Nftables.RULESET) + FOREIGN_NFT;
    survives(() -> NftablesReader.read(damaged(text, new Random(seed))));
  }

  @Property(tries = 300)
  void ofNftablesAsJson(@ForAll long seed) {
    survives(() -> NftablesReader.read(damaged(FOREIGN_JSON, new Random(seed))));
  }

  @Property(tries = 500)
  void ofIptables(@ForAll long seed) throws Refusal {
    Artifact artifact = artifact(Iptables.backend(), seed);
    Random random = new Random(seed);
    survives(() -> IptablesReader.read(
        damaged(artifact.file(Iptables.RULES_4) + FOREIGN_IPTABLES, random),
        damaged(artifact.file(Iptables.RULES_6), random),
        damaged(artifact.file(Iptables.SETS), random)));
  }

  private static Artifact artifact(Backend backend, long seed) throws Refusal {
    return backend.compile(
        Plan.of(RandomCluster.of(seed % 20, NftablesKernelTest.PROFILE)), Scope.CLUSTER);
  }

  private static void survives(Runnable reading) {
    try {
      reading.run();
    } catch (UnreadableDump problem) {
      assertThat(problem).hasMessageMatching("(?s).*:\\d+:\\d+: error: .*");
    } catch (RuntimeException problem) {
      StackTraceElement[] places = problem.getStackTrace();
      throw new AssertionError(
          problem + " at " + List.of(places).subList(0, Math.min(8, places.length)), problem);
    }
  }

  /** A text with up to four words taken out, put twice, swapped or replaced, or cut at some place. */
  private static String damaged(String text, Random random) {
    List<String> words = new ArrayList<>(Arrays.asList(text.split("(?<=[ \n\t])|(?=[ \n\t])")));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(words.size());
      int other = random.nextInt(words.size());
      switch (random.nextInt(6)) {
        case 0 -> words.set(at, "");
        case 1 -> words.add(at, words.get(other));
        case 2 -> words.set(at, words.get(other));
        case 3 -> words.set(at, STRANGE.get(random.nextInt(STRANGE.size())));
        case 4 -> words.add(at, " " + STRANGE.get(random.nextInt(STRANGE.size())) + " ");
        default -> {
          String word = words.get(at);
          int cut = random.nextInt(word.length() + 1);
          words.set(
              at,
              word.substring(0, cut)
                  + STRANGE.get(random.nextInt(STRANGE.size()))
                  + word.substring(cut));
        }
      }
    }
    String result = String.join("", words);
    return random.nextInt(20) == 0
        ? result.substring(0, random.nextInt(result.length() + 1))
        : result;
  }

  private static final String FOREIGN_NFT = """
      table ip other {
      	flags dormant
      	counter c {
      		packets 0 bytes 0
      	}
      	set con {
      		type ipv4_addr . inet_proto . inet_service
      		flags interval
      		elements = { 10.0.0.0/8 . tcp . 80-90 timeout 1m, 10.0.0.1 . udp . 53 }
      	}
      	map m4 {
      		type ipv4_addr : verdict
      		elements = { 10.0.0.1 : jump b, 10.0.0.2 : drop }
      	}
      	chain b {
      		ip saddr . ip protocol . th dport @con counter packets 1 bytes 2 drop comment "x y"
      		meta mark set meta mark & 0xffff00ff | 0x00000200
      		meta mark & 0x000000ff == 0x00000001 log prefix "a b" reject with icmp port-unreachable
      		update @con { ip saddr timeout 1m limit rate 3/second } accept
      		fib saddr . iif oif missing drop
      	}
      	chain f {
      		type filter hook forward priority filter - 1; policy accept;
      		ct state vmap { invalid : drop, new : jump b,
      				established : accept }
      		ip saddr vmap @m4
      		iifname { "eth*", "lo" } tcp dport >= 80 goto b
      	}
      }
      """;

  private static final String FOREIGN_JSON = """
      {"nftables": [{"metainfo": {}}, {"table": {"family": "ip", "name": "filter", "handle": 1}},
      {"set": {"family": "ip", "table": "filter", "name": "s", "type": "ipv4_addr", "flags": ["interval"],
        "elem": [{"prefix": {"addr": "10.0.0.0", "len": 8}}, {"range": ["1.2.3.4", "1.2.3.9"]}, "9.9.9.9"]}},
      {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "type": "filter", "hook": "forward", "prio": 0, "policy": "accept"}},
      {"rule": {"family": "ip", "table": "filter", "chain": "FORWARD", "expr": [
        {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@s"}},
        {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["new", "invalid"]}},
        {"vmap": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[80, {"drop": null}], [22, {"jump": {"target": "FORWARD"}}]]}}},
        {"mangle": {"key": {"meta": {"key": "mark"}}, "value": 7}},
        {"xt": {"type": "match", "name": "set"}}, {"drop": null}]}}]}
      """;

  private static final String FOREIGN_IPTABLES = """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD DROP [1:2]
      :C - [0:0]
      [1:2] -A FORWARD ! -s 10.0.0.0/8 -i eth+ -p tcp -m tcp --dport 80:90 --tcp-flags SYN,ACK SYN -j C
      -A FORWARD -m multiport --dports 1,2:3 -m comment --comment "a \\"b\\" -j ACCEPT" -g C
      -A FORWARD -m conntrack ! --ctstate NEW,RELATED --ctdir REPLY -j RETURN
      -A FORWARD -m set ! --match-set gone src,dst -m mark --mark 0x1/0xff -j MARK --set-xmark 0x4/0x4
      -A FORWARD -m iprange --src-range 10.0.0.1-10.0.0.9 -j SET --map-set m src --map-mark
      -A C -p icmp -m icmp --icmp-type 3/1 -j REJECT --reject-with icmp-port-unreachable
      -A C -m addrtype --dst-type LOCAL -j SET --add-set x dst --exist
      COMMIT
      """;
}
