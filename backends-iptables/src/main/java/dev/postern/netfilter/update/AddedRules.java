package dev.postern.netfilter.update;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules that {@code nft} is known to take: as {@code nft list ruleset} prints them, with the matches and statements that are known here
 * to the last value (nft(8)). Others may be right and are not known to be; one that is not taken makes nft refuse the whole file.
 */
final class AddedRules {

  private static final Pattern WORD =
      Pattern.compile("\\G(\"[A-Za-z0-9_.:/=+ -]{1,100}\"|[^\\s\"]+)(?: |$)");

  private static final Pattern INTERFACE = Pattern.compile("\"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}\"");

  private static final Set<String> STATES =
      Set.of("invalid", "established", "related", "new", "untracked");

  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp", "icmp", "ipv6-icmp");

  private static final Map<String, Set<String>> ICMP_TYPES = Map.of(
      "icmp",
      Set.of("echo-request", "echo-reply", "destination-unreachable", "time-exceeded"),
      "icmpv6",
      Set.of(
          "echo-request",
          "echo-reply",
          "destination-unreachable",
          "packet-too-big",
          "time-exceeded",
          "nd-router-solicit",
          "nd-router-advert",
          "nd-neighbor-solicit",
          "nd-neighbor-advert",
          "nd-redirect"));

  private static final Map<String, String> REJECTIONS = Map.of(
      "icmp",
      "(net|host|prot|port)-unreachable|(net|host|admin)-prohibited",
      "icmpv6",
      "no-route|admin-prohibited|(addr|port)-unreachable",
      "icmpx",
      "no-route|(host|port)-unreachable|admin-prohibited");

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern MARK = Pattern.compile("0x[0-9a-f]{1,8}");
  private static final Pattern LEVEL =
      Pattern.compile("emerg|alert|crit|err|warn|notice|info|debug");

  private final String family;
  private final RulesetTable table;
  private final List<String> words = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private int at;
  /** Of which protocol its packets are so far: {@code ip}, {@code ip6}, or any. */
  private String network;

  /** The same of tcp and the like; a question mark if it may be several. */
  private String transport = "";

  private AddedRules(String family, RulesetTable table) {
    this.family = family;
    this.table = table;
    this.network = family.equals("inet") ? "" : family;
  }

  /**
   * Whether nft takes a rule.
   *
   * @param table the one that it is added to, as it is then
   */
  static boolean takes(String family, RulesetTable table, String rule) {
    AddedRules walk = new AddedRules(family, table);
    return !table.isStrange() && walk.split(rule) && walk.isWhole();
  }

  private boolean split(String rule) {
    Matcher matcher = WORD.matcher(rule);
    int end = 0;
    while (matcher.find()) {
      words.add(matcher.group(1));
      end = matcher.end();
    }
    return end == rule.length() && !rule.endsWith(" ") && !words.isEmpty();
  }

  /** The next word, or nothing. */
  private String next() {
    return at < words.size() ? words.get(at++) : "";
  }

  private boolean next(String... expected) {
    for (String word : expected) {
      if (!next().equals(word)) {
        return false;
      }
    }
    return true;
  }

  private boolean has(String word) {
    boolean there = at < words.size() && words.get(at).equals(word);
    at += there ? 1 : 0;
    return there;
  }

  private boolean isLast() {
    return at == words.size()
        || at == words.size() - 2
            && words.get(at).equals("comment")
            && words.get(at + 1).startsWith("\"");
  }

  private boolean isWhole() {
    while (at < words.size()) {
      if (at > 0 && isLast()) {
        return true;
      }
      if (!clause(next())) {
        return false;
      }
    }
    return true;
  }

  private boolean clause(String word) {
    return switch (word) {
      case "ct" -> once("ct state") && next("state") && states(next());
      case "ip", "ip6" -> ofNetwork(word, next());
      case "tcp", "udp", "sctp" -> port(word, next());
      case "icmp", "icmpv6" -> icmp(word);
      case "meta" -> meta(next());
      case "iifname", "oifname" -> once(word) && isInterface();
      case "fib" ->
        once("fib") && Set.of("saddr", "daddr").contains(next()) && next("type", "local");
      case "counter" ->
        once("counter") && (!has("packets") || isNumber() && next("bytes") && isNumber());
      case "log" -> once("log") && log();
      case "accept", "drop", "return" -> isLast();
      case "jump", "goto" -> at < words.size() && table.leadsTo(next()) && isLast();
      case "reject" -> reject() && isLast();
      default -> false;
    };
  }

  private boolean once(String key) {
    return seen.add(key);
  }

  private boolean isNumber() {
    return NUMBER.matcher(next()).matches();
  }

  private boolean isInterface() {
    has("!=");
    return INTERFACE.matcher(next()).matches();
  }

  private boolean log() {
    boolean prefix = !has("prefix") || next().startsWith("\"");
    return prefix && (!has("level") || LEVEL.matcher(next()).matches());
  }

  private static boolean states(String list) {
    List<String> states = List.of(list.split(",", -1));
    return STATES.containsAll(states) && Set.copyOf(states).size() == states.size();
  }

  // --- protocols

  private boolean isOf(String protocol) {
    boolean agrees = network.isEmpty() || network.equals(protocol);
    network = protocol;
    return agrees;
  }

  private boolean carries(String protocol) {
    boolean agrees = transport.isEmpty() || transport.equals(protocol);
    transport = protocol;
    return agrees;
  }

  private boolean ofNetwork(String protocol, String field) {
    if (!isOf(protocol) || transport.contains("icmp")) {
      return false;
    }
    if (field.equals("protocol")) {
      String carried = next();
      return protocol.equals("ip")
          && once("ip protocol")
          && transport.isEmpty()
          && Set.of("tcp", "udp", "sctp", "icmp").contains(carried)
          && carries(carried);
    }
    if (!Set.of("saddr", "daddr").contains(field) || !once(protocol + " " + field)) {
      return false;
    }
    String type = protocol.equals("ip") ? "ipv4_addr" : "ipv6_addr";
    if (has(".")) {
      String other = field.equals("saddr") ? "daddr" : "saddr";
      return next(protocol, other)
          && once(protocol + " " + other)
          && isSet(next(), false, List.of(type, type));
    }
    return has("vmap") ? isSet(next(), true, List.of(type)) && isLast() : values(type);
  }

  private boolean port(String protocol, String field) {
    return Set.of("dport", "sport").contains(field)
        && once(protocol + " " + field)
        && carries(protocol)
        && values("inet_service");
  }

  private boolean isSet(String word, boolean map, List<String> types) {
    return word.startsWith("@") && table.hasKeys(word.substring(1), map, types);
  }

  private boolean values(String type) {
    boolean not = has("!=");
    if (at < words.size() && words.get(at).startsWith("@")) {
      return isSet(next(), false, List.of(type));
    }
    List<String> list = list();
    return !list.isEmpty()
        && list.stream().allMatch(word -> AddedElements.isKey(word, type, true))
        && !(not && list.stream().anyMatch(word -> word.endsWith("/0")))
        && AddedElements.areApart(list, type);
  }

  /** What stands between braces, or one word. */
  private List<String> list() {
    if (!has("{")) {
      return List.of(next());
    }
    List<String> list = new ArrayList<>();
    boolean goesOn = true;
    while (goesOn) {
      String word = next();
      goesOn = word.endsWith(",");
      list.add(goesOn ? word.substring(0, word.length() - 1) : word);
    }
    return next("}") ? list : List.of();
  }

  private boolean icmp(String protocol) {
    if (!isOf(protocol.equals("icmp") ? "ip" : "ip6")
        || !carries(protocol.equals("icmp") ? "icmp" : "ipv6-icmp")
        || !once("icmp")
        || !next("type")) {
      return false;
    }
    List<String> types = list();
    return areSome(types, ICMP_TYPES.getOrDefault(protocol, Set.of()));
  }

  private static boolean areSome(List<String> list, Set<String> known) {
    return !list.isEmpty() && known.containsAll(list) && Set.copyOf(list).size() == list.size();
  }

  private boolean meta(String key) {
    if (!once("meta " + key)) {
      return false;
    }
    switch (key) {
      case "l4proto" -> {
        boolean open = has("!=");
        List<String> protocols = list();
        String only = open || protocols.size() != 1 ? "?" : protocols.get(0);
        return areSome(protocols, PROTOCOLS) && transport.isEmpty() && carries(only);
      }
      case "nfproto" -> {
        String protocol = next();
        return family.equals("inet")
            && network.isEmpty()
            && (protocol.equals("ipv4") && isOf("ip") || protocol.equals("ipv6") && isOf("ip6"));
      }
      case "mark" -> {
        has("set");
        return MARK.matcher(next()).matches();
      }
      default -> {
        return false;
      }
    }
  }

  private boolean reject() {
    if (!has("with")) {
      return true;
    }
    String kind = next();
    if (kind.equals("tcp")) {
      return transport.equals("tcp") && next("reset");
    }
    String needed = Map.of("icmp", "ip", "icmpv6", "ip6", "icmpx", "").getOrDefault(kind, "?");
    return network.equals(needed) && next().matches(REJECTIONS.getOrDefault(kind, ""));
  }
}
