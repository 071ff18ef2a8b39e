package dev.postern.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Random rules as other people might write them, for both tools: everything that the readers say they understand comes up. */
final class ForeignRules {

  static final String ALLOWED_SOURCE = "198.18.7.1";

  private static final int CHAINS = 4;

  private final Random random;

  ForeignRules(Random random) {
    this.random = random;
  }

  @SafeVarargs
  private <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  private String not() {
    return random.nextInt(4) == 0 ? "! " : "";
  }

  static String address(int number) {
    return "10.0.0." + (1 + number % 8);
  }

  private String address() {
    return address(random.nextInt(8));
  }

  private String network() {
    return one(
        address(),
        address() + "/32",
        "10.0.0." + 4 * random.nextInt(2) + "/30",
        "10.0.0.0/24",
        "0.0.0.0/0",
        "10.0.0.0/255.255.255.254");
  }

  static int port(int number) {
    return 78 + number % 6;
  }

  private int port() {
    return port(random.nextInt(6));
  }

  private String ports(String dash) {
    int first = port();
    return random.nextBoolean() ? "" + first : first + dash + (first + 1 + random.nextInt(3));
  }

  // --- iptables

  /** What {@code ipset restore} takes: sets of every kind of dimension. */
  String ipsets() {
    StringBuilder out = new StringBuilder("""
        create nets hash:net family inet
        create ips hash:ip family inet
        create ports hash:ip,port family inet
        create pairs hash:ip,port,ip family inet
        create flows hash:ip,port,net family inet
        create some bitmap:port range 0-65535
        create lists list:set size 8
        create marks hash:net family inet skbinfo
        add lists nets
        add lists ips
        """);
    for (int i = 0; i < 3; i++) {
      out.append("add nets 10.0.0.")
          .append(2 * random.nextInt(5))
          .append("/31")
          .append(one("", " nomatch", ""))
          .append(" -exist\n");
      out.append("add ips ").append(address()).append(" -exist\n");
      out.append("add ports ")
          .append(address())
          .append(",")
          .append(one("tcp", "udp", "sctp"))
          .append(":")
          .append(port())
          .append(" -exist\n");
      out.append("add pairs ")
          .append(address())
          .append(one(",tcp:", ",udp:"))
          .append(port())
          .append(",")
          .append(address())
          .append(" -exist\n");
      out.append("add flows ")
          .append(address())
          .append(",")
          .append(one("tcp", "udp"))
          .append(":")
          .append(port())
          .append(",10.0.0.0/29 -exist\n");
      out.append("add some ").append(port()).append(" -exist\n");
      out.append("add marks 10.0.0.")
          .append(2 * random.nextInt(5))
          .append("/")
          .append(one("31", "30", "32"))
          .append(" skbmark 0x")
          .append(Integer.toHexString(random.nextInt(16)))
          .append("/0xf -exist\n");
    }
    out.append("add nets 10.0.0.0/28 -exist\n");
    return out.toString();
  }

  private String match() {
    String tcp = one("tcp", "udp", "sctp");
    List<Supplier<String>> matches = List.of(
        () -> not() + "-s " + network(),
        () -> not() + "-d " + network(),
        () -> not() + "-i " + one("in0", "in+", "out0"),
        () -> not() + "-o " + one("out0", "o+", "in0"),
        () -> not() + "-p " + one("tcp", "udp", "sctp", "icmp", "47"),
        () -> "-p " + tcp + " -m " + tcp + " " + not() + "--dport " + ports(":"),
        () -> "-p " + tcp + " -m " + tcp + " " + not() + "--sport "
            + one("1024:1060", "1:1080", "1050:65535"),
        () -> "-p icmp -m icmp " + not() + "--icmp-type " + one("8", "echo-reply", "any"),
        () -> "-p " + tcp + " -m multiport " + not() + one("--dports ", "--ports ") + port() + ","
            + ports(":"),
        () -> "-m iprange " + not() + one("--src-range ", "--dst-range ") + "10.0.0.2-"
            + address(4 + random.nextInt(4)),
        () -> "-m conntrack " + not() + "--ctstate "
            + one("NEW", "RELATED,ESTABLISHED", "INVALID,NEW"),
        () -> "-m conntrack --ctdir " + one("ORIGINAL", "REPLY"),
        () -> "-m state " + not() + "--state " + one("NEW", "ESTABLISHED"),
        () -> "-m mark " + not() + "--mark 0x" + Integer.toHexString(random.nextInt(4))
            + one("/0x3", "", "/0x7"),
        () -> "-m set " + not() + "--match-set "
            + one("nets src", "nets dst", "ips src", "ips dst", "lists src"),
        () -> "-m set " + not() + "--match-set ports " + one("dst,dst", "src,dst", "dst,src"),
        () -> "-m set " + not() + "--match-set pairs "
            + one("src,dst,dst", "dst,dst,src", "dst,src,src"),
        () -> "-m set " + not() + "--match-set flows " + one("src,dst,dst", "dst,dst,src"),
        () -> "-m set " + not() + "--match-set some " + one("dst", "src"),
        () -> "-m comment --comment \"" + one("-j DROP", "a b", "it's") + "\"");
    return matches.get(random.nextInt(matches.size())).get();
  }

  /** The option that a match begins with, or its module. */
  private static String kind(String match) {
    String[] words = match.replaceFirst("^! ", "").split(" ", 3);
    return words[0].equals("-m") ? words[1] : words[0];
  }

  private String target(String table, int chain) {
    String mark = " 0x" + Integer.toHexString(random.nextInt(16));
    String next = chain + 1 < CHAINS ? " C" + (chain + 1 + random.nextInt(CHAINS - chain - 1)) : "";
    return switch (random.nextInt(10)) {
      case 0 -> "-j ACCEPT";
      case 1 -> "-j DROP";
      case 2 -> table.equals("filter") ? "-j REJECT" : "-j DROP";
      case 3 -> "-j RETURN";
      case 4, 5 -> next.isEmpty() ? "-j RETURN" : "-j" + next;
      case 6 -> next.isEmpty() ? "-j ACCEPT" : "-g" + next;
      case 7 ->
        "-j MARK " + one("--set-xmark", "--set-mark", "--or-mark", "--and-mark", "--xor-mark")
            + mark;
      case 8 ->
        table.equals("mangle")
            ? "-j SET --map-set marks " + one("src", "dst") + " --map-mark"
            : "-j LOG --log-prefix x";
      default -> "";
    };
  }

  /** What {@code iptables-restore} takes: rules of three tables. */
  String iptables() {
    StringBuilder out = new StringBuilder();
    for (String table : List.of("mangle", "filter")) {
      out.append('*')
          .append(table)
          .append("\n:FORWARD ")
          .append(one("ACCEPT", "ACCEPT", table.equals("mangle") ? "ACCEPT" : "DROP"))
          .append(" [0:0]\n");
      for (int i = 0; i < CHAINS; i++) {
        out.append(":C").append(i).append(" - [0:0]\n");
      }
      out.append("-A FORWARD -s ").append(ALLOWED_SOURCE).append(" -j ACCEPT\n");
      for (int i = 0; i < 16; i++) {
        int chain = random.nextInt(CHAINS + 2) - 2;
        String rule = match();
        // One protocol and one of each module a rule, as the tool wants it.
        String second = match();
        if (!second.contains("-p ") && !kind(second).equals(kind(rule))) {
          rule += " " + second;
        }
        String target = target(table, Math.max(-1, chain));

        out.append("-A ")
            .append(chain < 0 ? "FORWARD" : "C" + chain)
            .append(' ')
            .append(rule)
            .append(' ')
            .append(target)
            .append('\n');
      }
      out.append("COMMIT\n");
    }
    return out.toString();
  }

  // --- nftables

  private String set(Supplier<String> element) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < 2 + random.nextInt(2); i++) {
      String next = element.get();
      if (!elements.contains(next)) {
        elements.add(next);
      }
    }
    return "{ " + String.join(", ", elements) + " }";
  }

  private String notEqual() {
    return random.nextInt(4) == 0 ? "!= " : "";
  }

  /** What a rule may look at besides: nft refuses rules that ask for two protocols. */
  private enum About {
    PORTS,
    PROTOCOL,
    FAMILY
  }

  private String condition(About about, String tcp) {
    List<Supplier<String>> conditions = new ArrayList<>(List.of(
        () -> "ct state "
            + one(
                "new", "!= new", "invalid,new", "{ established, related }", "!= { new, related }"),
        () -> "ct direction " + one("original", "reply"),
        () -> "meta mark " + one("& 0x3 == 0x1", "& 0x5 != 0x1", "0x0", "!= 0x2", "{ 0x1, 0x2 }"),
        () -> one("iifname ", "meta iifname ")
            + notEqual()
            + one("\"in0\"", "\"in*\"", "{ \"in0\", \"lo\" }"),
        () -> "oifname " + notEqual() + one("\"out0\"", "\"in0\""),
        () -> "counter",
        () -> "log prefix \"a drop\""));
    if (about == About.FAMILY) {
      conditions.add(() -> "meta nfproto " + one("ipv4", "ipv6"));
      conditions.add(() -> "ip6 saddr != 2001:db8::/32");
      return conditions.get(random.nextInt(conditions.size())).get();
    }
    conditions.add(() -> "ip " + one("saddr ", "daddr ") + notEqual()
        + one(address(), "10.0.0.0/30", "10.0.0.3-10.0.0.6", "@nets"));
    conditions.add(() -> "ip " + one("saddr ", "daddr ") + notEqual() + set(this::address));
    if (about == About.PORTS) {
      conditions.add(() -> tcp + " dport "
          + one(
              notEqual() + port(),
              notEqual() + set(() -> "" + port()),
              ">= " + port(),
              "< " + port(),
              "79-81"));
      conditions.add(() -> tcp + " sport " + one("1024-1060", "> 1050"));
      conditions.add(() -> "ip saddr . " + tcp + " dport @pairs");
      conditions.add(() -> "ip daddr . " + tcp + " dport " + set(() -> address() + " . " + port()));
    }
    return conditions.get(random.nextInt(conditions.size())).get();
  }

  private String protocol() {
    return one(
        "meta l4proto " + notEqual() + one("tcp", "{ tcp, udp }", "icmp"),
        "meta l4proto { tcp, udp, sctp } th dport " + port(),
        "ip protocol " + notEqual() + one("udp", "sctp"),
        "icmp type " + notEqual() + one("echo-request", "echo-reply"));
  }

  private String verdict(int chain) {
    String next = chain + 1 < CHAINS ? "c" + (chain + 1 + random.nextInt(CHAINS - chain - 1)) : "";
    return one(
        "accept",
        "drop",
        "return",
        "continue",
        next.isEmpty() ? "drop" : "jump " + next,
        next.isEmpty() ? "accept" : "goto " + next);
  }

  private String statement(int chain, About about, String tcp) {
    int kind = random.nextInt(8);
    return switch (about == About.FAMILY && kind < 4 ? 7 : kind) {
      case 0 ->
        "meta mark set "
            + one(
                "0x1",
                "meta mark | 0x2",
                "meta mark & 0xfffffffd",
                "meta mark ^ 0x3",
                "ip saddr map @marks");
      case 1 ->
        "ip " + one("saddr", "daddr") + " vmap { " + address(0) + " : " + verdict(chain)
            + ", 10.0.0.2-10.0.0.5 : " + verdict(chain) + " }";
      case 2 ->
        about == About.PORTS
            ? tcp + " dport vmap { " + port(0) + "-" + port(2) + " : " + verdict(chain) + ", "
                + port(4) + " : " + verdict(chain) + " }"
            : "reject";
      case 3 -> chain + 1 < CHAINS ? "ip saddr vmap @verdicts" + (chain + 1) : "accept";
      case 4 -> "reject";
      default -> verdict(chain);
    };
  }

  /** What {@code nft -f} takes: a table with two base chains. */
  String nft() {
    StringBuilder out = new StringBuilder("table inet foreign {\n");
    out.append("set nets { type ipv4_addr; flags interval; elements = { 10.0.0.2-10.0.0.4, ")
        .append(address(6 + random.nextInt(2)))
        .append(" } }\n");
    out.append(
            "set pairs { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/30 . 78-80, ")
        .append(address(5))
        .append(" . ")
        .append(port())
        .append(" } }\n");
    out.append("map marks { type ipv4_addr : mark; elements = { ")
        .append(address(0))
        .append(" : 0x1, ")
        .append(address(3))
        .append(" : 0x2 } }\n");
    for (int i = CHAINS - 1; i >= -2; i--) {
      if (i >= 0) {
        out.append("map verdicts")
            .append(i)
            .append(" { type ipv4_addr : verdict; elements = { ")
            .append(address(1))
            .append(" : ")
            .append(verdict(i))
            .append(", ")
            .append(address(4))
            .append(" : ")
            .append(verdict(i))
            .append(" } }\n");
        out.append("chain c").append(i).append(" {\n");
      } else {
        out.append("chain base")
            .append(-i)
            .append(" { type filter hook forward priority ")
            .append(i == -1 ? "filter + 5" : "mangle")
            .append("; policy ")
            .append(one("accept", "accept", "drop"))
            .append(";\n");
        out.append("ip saddr ").append(ALLOWED_SOURCE).append(" accept\n");
      }
      for (int rule = 0; rule < 4; rule++) {
        About about = one(About.PORTS, About.PORTS, About.PROTOCOL, About.FAMILY);
        String tcp = one("tcp", "udp", "sctp");
        out.append(about == About.PROTOCOL ? protocol() : condition(about, tcp)).append(' ');
        out.append(random.nextBoolean() ? condition(about, tcp) + " " : "");
        out.append(statement(Math.max(-1, i), about, tcp)).append('\n');
      }
      out.append("}\n");
    }
    return out.append("}\n").toString();
  }
}
