package dev.postern.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Updates with a fault: a word or a line that is missing, doubled, moved or another, or a value out of its range. */
final class UpdateMutants {

  private static final Pattern WORD = Pattern.compile("[^\\s]+");

  private static final Pattern VALUE =
      Pattern.compile("[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*|[0-9.]+\\.[0-9]+|0x[0-9a-f]+|[0-9]+");

  private static final List<String> VALUES = words("""
      0 | -1 | 1 | 00 | 08 | 15 | 31 | 65535 | 65536 | 99999 | 2147483648 | 4294967296 | 99999999999 | 0x0 |
      0xffffffff | 0xfffffffff | 0xg | 10.0.0.0 | 0.0.0.0 | 10.0.0.256 | 10.0.0.1/33 | 10.0.0.1/0 | 10.0.0.1/24 |
      255.255.255.255 | :: | ::1 | fd00::g | fd00::/129 | ::ffff:1.2.3.4 | fd00::1/64 | 10.0.0.9-10.0.0.3 |
      10.0.0.3-10.0.0.9 | FD00::1 |
      """);

  private static final List<String> OF_NFT = words("""
      { | } | , | ; | : | . | != | = | @ | " | # | \\ | "x" | drop | accept | return | continue | jump | goto |
      jump judge | goto judge | jump hook_forward | jump hook_output | reject | reject with icmp admin-prohibited |
      reject with icmpv6 no-route | reject with icmpx admin-prohibited | reject with tcp reset | counter |
      counter packets 0 bytes 0 | counter packets x bytes 0 | log | log prefix "a b" | log prefix "a" level info |
      log level audit | comment "a" | ct state established,related | ct state new,new | ct state invalid |
      ct state x | ip saddr | ip daddr | ip6 saddr | ip6 daddr | ip saddr 10.0.0.1 | ip6 saddr fd00::1 |
      ip saddr { 10.0.0.1, 10.0.0.1 } | ip saddr { 10.0.0.0/24, 10.0.0.3 } | ip saddr != 10.0.0.0/8 |
      ip saddr 0.0.0.0/0 | ip protocol tcp | ip protocol icmp | tcp dport | udp sport | tcp dport 80 | udp dport 53 |
      tcp dport { 80, 443 } | tcp dport { 80-90, 85 } | sctp dport 0-65535 | tcp dport 90-80 | meta l4proto tcp |
      meta l4proto udp | meta l4proto { tcp, udp } | meta l4proto != icmp | meta nfproto ipv4 | meta nfproto ipv6 |
      meta mark 0x00000001 | meta mark set 0x00000001 | icmp type echo-request | icmpv6 type echo-request |
      icmpv6 type { nd-redirect, nd-redirect } | iifname "eth0" | iifname != "eth0" | oifname "averylonginterface" |
      iifname "a*" | fib saddr type local | fib daddr type local | fib saddr type foo | vmap | vmap @egress4 |
      vmap @ingress6 | @exempt4 | @egress4 | type ipv4_addr | type ipv6_addr | type inet_service |
      type ipv4_addr : verdict | type ipv4_addr . ipv4_addr | flags interval | flags constant | flags timeout |
      auto-merge | size 1 | timeout 5s | elements = { 10.0.0.1 } | policy drop; | policy accept; |
      type filter hook forward priority 0; policy accept; | type filter hook ingress priority 0; policy accept; |
      type nat hook prerouting priority -300; policy accept; | type filter hook input priority srcnat; policy drop; |
      type filter hook input priority filter - 1; policy drop; | inet | ip | ip6 | bridge | netdev | postern | table |
      chain | set | map | rule | element | add | create | delete | destroy | flush | insert | interval | verdict | x |
      drop_it | table inet postern { | chain x_1 { | set x_2 { | add chain inet postern x_3 |
      add rule inet postern judge accept | flush ruleset | flush ruleset ip | delete table inet postern |
      add table inet postern | add chain inet postern judge { policy drop; } |
      add chain inet postern hook_forward { policy drop; } |
      add chain inet postern hook_x { type filter hook input priority 5; policy drop; } |
      delete chain inet postern judge | flush chain inet postern judge | flush map inet postern egress4 |
      delete map inet postern egress4 | add element inet postern egress4 { 10.0.0.77 : drop } |
      add element inet postern exempt4 { 10.0.0.77 . 10.0.0.78 } | table ip tt_1 {} |
      """);

  private static final List<String> OF_IPTABLES = words("""
      ! | " | \\ | # | - | -- | : | *filter | *nat | *mangle | *raw | COMMIT | -A | -I | -D | -X | -F | -N | -P | -j |
      -g | -m | -p | -s | -d | -i | -o | -p tcp | -p udp | -p icmp | -p ipv6-icmp | -p 6 | ! -p tcp | -i eth0 |
      -o eth0 | ! -i eth0 | -i eth+ | -i averylonginterface | -s 10.0.0.1/32 | -s 10.0.0.1 | ! -s 10.0.0.0/8 |
      -s 0.0.0.0/0 | -s fd00::/64 | -s 10.0.0.1/24 | -d 10.0.0.0/255.0.0.0 | -m tcp | -m tcp --dport 80 |
      -m udp --dport 53 | -m tcp --dport 90:80 | -m tcp --sport 1 --dport 2 | -m multiport --dports 80,443 |
      -m multiport --ports 1:2,3 | -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 |
      -m conntrack --ctstate NEW | -m conntrack --ctstate NEW,NEW | -m conntrack --ctstate X |
      -m conntrack ! --ctstate INVALID | -m mark --mark 0x1/0x3 | -m mark ! --mark 0x1 | -m mark --mark 0xfffffffff |
      -m addrtype --src-type LOCAL | -m addrtype ! --dst-type LOCAL | -m addrtype --src-type X |
      -m comment --comment "a b" | -m comment --comment x | -m comment --comment | -m icmp --icmp-type 8 |
      -m icmp6 --icmpv6-type 128 | -m icmp6 --icmpv6-type 256 | -m icmp --icmp-type 255 |
      -m set --match-set nowhere src | -m set --match-set postern-egress4 src |
      -m set --match-set postern-egress6 src | -m set --match-set postern-egress4 src,dst |
      -m set ! --match-set postern-ingress4 dst | -j ACCEPT | -j DROP | -j RETURN | -j REJECT |
      -j REJECT --reject-with tcp-reset | -j REJECT --reject-with icmp-port-unreachable |
      -j MARK --set-xmark 0x1/0x1 | -j MARK --set-mark 1 | -j SET --map-set postern-egress4 src --map-mark |
      -j SET --map-set postern-egress4 src,dst --map-mark | -j POSTERN | -g POSTERN | -j POSTERN-DENY | -j FORWARD |
      -j NOWHERE | -j LOG | -j CONNMARK --save-mark | POSTERN | POSTERN-DENY | FORWARD | INPUT | OUTPUT | PREROUTING |
      POSTROUTING | ACCEPT | REJECT | X-Y | A-nameofachainthatismuchtoolong | -A POSTERN -j POSTERN |
      -A POSTERN-DENY -j POSTERN | -A FORWARD -i eth0 -j ACCEPT | -A FORWARD -o eth0 -j DROP |
      -A OUTPUT -i eth0 -j DROP | -A INPUT -o eth0 -j DROP | -A PREROUTING -j POSTERN | -I FORWARD 1 -j ACCEPT |
      -I FORWARD 9 -j ACCEPT | -P FORWARD DROP | -P POSTERN DROP | :X-Y - [0:0] | :X-Y ACCEPT [0:0] |
      :FORWARD DROP [0:0] | :FORWARD - [0:0] | :REJECT - [0:0] | :-x - [0:0] | -N X-Y | -X POSTERN-DENY | -F POSTERN |
      [1:2] -A POSTERN -j RETURN |
      """);

  private static final List<String> OF_IPSET = words("""
      " | # | - | , | create | add | del | flush | destroy | swap | rename | COMMIT | list | save | hash:ip |
      hash:net | hash:ip,port | hash:net,port | hash:mac | list:set | bitmap:port | hash:foo | family | family inet |
      family inet6 | hashsize 0 | hashsize 63 | hashsize 100000000 | maxelem 1 | maxelem 2 | maxelem 0 |
      bucketsize 12 | bucketsize 1 | bucketsize 255 | initval 0x1234 | timeout 5 | counters | comment | skbinfo |
      forceadd | netmask 24 | nomatch | skbmark 0x1/0x1 | skbmark 0x1 | skbmark 0x1ffffffff/0x1 | skbprio 1:2 |
      postern-egress4 | postern-egress6 | postern-ingress4 | postern-hairpin4 | postern-hairpin6 | postern-nowhere |
      averyveryverylongnameofasetindeed | 10.0.0.1 | fd00::1 | 10.0.0.0/24 | 10.0.0.1,tcp:80 | 10.0.0.1,tcp:65536 |
      add postern-egress4 10.0.0.77 | add postern-egress4 10.0.0.77 skbmark 0x10000/0xffff0000 |
      del postern-egress4 10.0.0.77 | add postern-egress6 fd00::77 | flush postern-hairpin4 |
      destroy postern-hairpin4 | destroy postern-egress4 | swap postern-egress4 postern-ingress4 |
      swap postern-egress4 postern-egress6 | swap postern-egress4 postern-egress4 | rename postern-egress4 x |
      create postern-x hash:ip family inet hashsize 64 maxelem 10 |
      create postern-y hash:net family inet6 hashsize 64 maxelem 1048576 skbinfo |
      create postern-egress4 hash:ip family inet |
      """);

  private static final Map<String, List<String>> WORDS =
      Map.of("nft", OF_NFT, "iptables", OF_IPTABLES, "ipset", OF_IPSET);

  private UpdateMutants() {}

  private static List<String> words(String lines) {
    return List.of(lines.strip().split(" \\|\\s+| \\|$"));
  }

  /** A text of commands with a fault, or two; now and then it is right all the same. */
  static String of(String text, String tool, Random random) {
    String mutant = one(text, tool, random);
    return random.nextInt(4) == 0 ? one(mutant, tool, random) : mutant;
  }

  private static String one(String text, String tool, Random random) {
    List<String> known = WORDS.getOrDefault(tool, List.of());
    String any = known.get(random.nextInt(known.size()));
    return switch (random.nextInt(10)) {
      case 0 -> replaced(text, WORD, "", random);
      case 1 -> replaced(text, WORD, any, random);
      case 2 -> replaced(text, VALUE, VALUES.get(random.nextInt(VALUES.size())), random);
      case 3 -> replaced(text, WORD, another(text, WORD, random), random);
      case 4 -> replaced(text, VALUE, another(text, VALUE, random), random);
      case 5, 6 -> between(text, random.nextBoolean() ? any : another(text, WORD, random), random);
      case 7 -> lines(text, random);
      case 8 -> line(text, any, random);
      default -> character(text, random);
    };
  }

  private static String another(String text, Pattern pattern, Random random) {
    List<String> all = pattern.matcher(text).results().map(each -> each.group()).toList();
    return all.isEmpty() ? "" : all.get(random.nextInt(all.size()));
  }

  private static String replaced(String text, Pattern pattern, String by, Random random) {
    List<int[]> places = pattern
        .matcher(text)
        .results()
        .map(each -> new int[] {each.start(), each.end()})
        .toList();
    if (places.isEmpty()) {
      return text;
    }
    int[] place = places.get(random.nextInt(places.size()));
    int end = by.isEmpty() && place[1] < text.length() && text.charAt(place[1]) == ' '
        ? place[1] + 1
        : place[1];
    return text.substring(0, place[0]) + by + text.substring(end);
  }

  /** Puts a word before another one. */
  private static String between(String text, String word, Random random) {
    Matcher matcher = WORD.matcher(text);
    List<Integer> places = matcher.results().map(each -> each.start()).toList();
    if (places.isEmpty()) {
      return text;
    }
    int place = places.get(random.nextInt(places.size()));
    return text.substring(0, place) + word + " " + text.substring(place);
  }

  /** A line that is missing, doubled, or somewhere else. */
  private static String lines(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    String line = lines.get(random.nextInt(lines.size()));
    int kind = random.nextInt(3);
    if (kind != 1) {
      lines.remove(line);
    }
    if (kind > 0) {
      lines.add(random.nextInt(lines.size() + 1), line);
    }
    return String.join("\n", lines) + "\n";
  }

  private static String line(String text, String line, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    lines.add(random.nextInt(lines.size() + 1), line);
    return String.join("\n", lines) + "\n";
  }

  private static String character(String text, Random random) {
    int at = random.nextInt(text.length());
    String by = random.nextInt(3) == 0 ? "" : "" + (char) (random.nextInt(130));
    return text.substring(0, at) + by + text.substring(at + random.nextInt(2));
  }
}
