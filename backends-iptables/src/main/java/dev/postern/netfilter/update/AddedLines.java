package dev.postern.netfilter.update;

import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines that {@code iptables-restore} is known to take: as {@code iptables-save} prints them, with the matches and targets that are known
 * here to the last value (iptables-extensions(8)). Others may be right and are not known to be; one that is not taken makes it refuse all.
 */
final class AddedLines {

  /** Letters alone might name a target. */
  private static final Pattern CHAIN =
      Pattern.compile("(?=.*-|POSTERN$|[A-Z]$)[A-Za-z][A-Za-z0-9_-]{0,27}");

  private static final Pattern LINE = Pattern.compile(
      "\\*(?:filter|mangle)|COMMIT|:\\S+ (?:-|ACCEPT|DROP) \\[[0-9]{1,18}:[0-9]{1,18}\\]"
          + "|(?:\\[[0-9]{1,18}:[0-9]{1,18}\\] )?-A \\S+(?: \\S.*)?|-I \\S+ (?:[1-9][0-9]{0,5} )?[-!].*|-D \\S+(?: \\S.*)?"
          + "|-[FXN] \\S+|-P \\S+ (?:ACCEPT|DROP)");

  private static final String NUMBER = "(?:0|[1-9][0-9]{0,2})";
  private static final String MARK = "0x[0-9a-f]{1,8}";
  private static final String PORTS = "[1-9][0-9]{0,4}(?::[1-9][0-9]{0,4})?";

  private static final Pattern RULE = Pattern.compile(
      "(?:(?<nots>! )?-s (?<source>\\S+) )?"
          + "(?:(?<notd>! )?-d (?<target>\\S+) )?(?:(?:! )?-i (?<in>\\S+) )?(?:(?:! )?-o (?<out>\\S+) )?"
          + "(?:-p (?<protocol>tcp|udp|sctp|icmp|ipv6-icmp) )?(?<matches>(?:-m \\S+ .*?)??)(?<action>-[jg] \\S.*)?");

  /** Each ends with a space. */
  private static final Pattern MATCH = Pattern.compile("\\G-m (?:"
      + "comment --comment (?:[A-Za-z0-9][A-Za-z0-9_.:/-]{0,200}|\"[A-Za-z0-9][A-Za-z0-9_.:/ -]{0,200}\")"
      + "|conntrack (?:! )?--ctstate (?<states>[A-Z,]+)"
      + "|mark (?:! )?--mark " + MARK + "(?:/" + MARK + ")?"
      + "|addrtype (?:! )?--(?:src|dst)-type LOCAL"
      + "|set (?:! )?--match-set (?<set>\\S+) (?<sides>(?:src|dst)(?:,(?:src|dst)){0,2})"
      + "|multiport (?:! )?--(?:[ds]ports|ports) (?<ports>" + PORTS + "(?:," + PORTS + "){0,14})"
      + "|(?<transport>tcp|udp|sctp)(?: (?:! )?--sport (?<sport>" + PORTS
      + "))?(?: (?:! )?--dport (?<dport>" + PORTS + "))?"
      + "|icmp (?:! )?--icmp-type (?<icmp>" + NUMBER + ")"
      + "|icmp6 (?:! )?--icmpv6-type (?<icmp6>" + NUMBER + ")"
      + ") ");

  private static final Pattern INTERFACE =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}|[A-Za-z0-9_][A-Za-z0-9_.-]{0,13}\\+");

  private static final Set<String> STATES =
      Set.of("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED");

  private static final Set<String> WITH_PORTS = Set.of("tcp", "udp", "sctp");

  private static final Map<Family, String> REJECTIONS = Map.of(
      Family.IPV4,
      "icmp-(?:(?:net|host|port|proto)-unreachable|(?:net|host|admin)-prohibited)",
      Family.IPV6,
      "icmp6-(?:no-route|adm-prohibited|addr-unreachable|port-unreachable)");

  /** Slots of one {@code multiport} match; a range takes two. */
  private static final int SLOTS = 15;

  private static final int MOST_PORTS = 65535;
  private static final int MOST_TYPES = 255;
  /** Rules that are longer are cut in pieces by some versions. */
  private static final int LONGEST = 1000;

  private final Family family;
  private final SetsInForce sets;

  /**
   * Rules of one family.
   *
   * @param sets those that are there when they are added
   */
  AddedLines(Family family, SetsInForce sets) {
    this.family = family;
    this.sets = sets;
  }

  /** Whether it has the form of a line that is known; what its rule says is not looked at. */
  static boolean isLine(String line) {
    return line.length() <= LONGEST
        && !line.contains("\t")
        && LINE.matcher(line).matches();
  }

  /** Where a line that is none stops being one, from 0. */
  static int formEndsAt(String line) {
    return RefusedWord.offset(LINE, line);
  }

  /** Whether a chain can have a name. */
  static boolean isName(String name) {
    return CHAIN.matcher(name).matches();
  }

  /**
   * Where a rule has what is not known to be taken, from 0; empty if it is taken.
   *
   * @param chain where it is put
   * @param others the chains of the same table that a rule can lead to
   * @param rule what stands behind the name of its chain
   */
  OptionalInt refusedAt(String table, String chain, Set<String> others, String rule) {
    if (rule.isEmpty()) {
      return OptionalInt.empty();
    }
    Matcher matcher = RULE.matcher(rule + " ");
    if (!matcher.matches()) {
      return OptionalInt.of(RefusedWord.offset(RULE, rule + " "));
    }
    String protocol = text(matcher, "protocol");
    if (!isNetwork(text(matcher, "source"), matcher.group("nots") != null)) {
      return OptionalInt.of(matcher.start("source"));
    }
    if (!isNetwork(text(matcher, "target"), matcher.group("notd") != null)) {
      return OptionalInt.of(matcher.start("target"));
    }
    if (!isInterface(text(matcher, "in"), !List.of("OUTPUT", "POSTROUTING").contains(chain))) {
      return OptionalInt.of(matcher.start("in"));
    }
    if (!isInterface(text(matcher, "out"), !List.of("INPUT", "PREROUTING").contains(chain))) {
      return OptionalInt.of(matcher.start("out"));
    }
    if (protocol.equals(family == Family.IPV4 ? "ipv6-icmp" : "icmp")) {
      return OptionalInt.of(matcher.start("protocol"));
    }
    int taken = matchesTaken(matcher.group("matches"), protocol);
    if (taken < matcher.group("matches").length()) {
      return OptionalInt.of(matcher.start("matches") + taken);
    }
    return isAction(text(matcher, "action").strip(), table, others, protocol)
        ? OptionalInt.empty()
        : OptionalInt.of(matcher.start("action"));
  }

  private static String text(Matcher matcher, String group) {
    String text = matcher.group(group);
    return text == null ? "" : text;
  }

  private boolean isNetwork(String text, boolean not) {
    if (text.isEmpty()) {
      return true;
    }
    try {
      Cidr cidr = Cidr.parse(text);
      return cidr.family() == family
          && cidr.toString().equals(text)
          && !(not && cidr.prefix() == 0);
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }

  private static boolean isInterface(String name, boolean seen) {
    return name.isEmpty() || seen && INTERFACE.matcher(name).matches();
  }

  /** How much of the matches is taken: the first that is not begins there. */
  private int matchesTaken(String text, String protocol) {
    Matcher match = MATCH.matcher(text);
    Set<String> seen = new HashSet<>();
    int end = 0;
    while (match.find()) {
      String name = match.group().split(" ", 3)[1];
      // Two of them ask two things of one packet, which is not known of others to be taken.
      boolean again = !seen.add(name) && !name.equals("set");
      if (again || !isMatch(match, name, protocol)) {
        return end;
      }
      end = match.end();
    }
    return end;
  }

  private boolean isMatch(Matcher match, String name, String protocol) {
    return switch (name) {
      case "conntrack" -> {
        List<String> states = List.of(match.group("states").split(",", -1));
        yield STATES.containsAll(states) && Set.copyOf(states).size() == states.size();
      }
      case "set" ->
        sets.holds(match.group("set"), family, match.group("sides").split(",").length, false);
      case "multiport" -> WITH_PORTS.contains(protocol) && arePorts(match.group("ports"));
      case "tcp", "udp", "sctp" ->
        name.equals(protocol)
            && arePorts(text(match, "sport"))
            && arePorts(text(match, "dport"))
            && !(text(match, "sport") + text(match, "dport")).isEmpty();
      case "icmp" -> protocol.equals("icmp") && Integer.parseInt(match.group("icmp")) < MOST_TYPES;
      case "icmp6" ->
        protocol.equals("ipv6-icmp") && Integer.parseInt(match.group("icmp6")) <= MOST_TYPES;
      default -> true;
    };
  }

  private static boolean arePorts(String list) {
    int slots = 0;
    for (String each : list.isEmpty() ? new String[0] : list.split(",")) {
      int colon = each.indexOf(':');
      int first = Integer.parseInt(colon < 0 ? each : each.substring(0, colon));
      int last = colon < 0 ? first : Integer.parseInt(each.substring(colon + 1));
      slots += colon < 0 ? 1 : 2;
      if (last > MOST_PORTS || colon >= 0 && first >= last) {
        return false;
      }
    }
    return slots <= SLOTS;
  }

  private boolean isAction(String action, String table, Set<String> others, String protocol) {
    String[] words = action.split(" ");
    if (words.length <= 2) {
      return action.isEmpty()
          || others.contains(words[1])
          || action.matches("-j (ACCEPT|DROP|RETURN)");
    }
    boolean mangles = table.equals("mangle");
    if (action.startsWith("-j REJECT --reject-with ") && words.length == 4) {
      return table.equals("filter")
          && (words[3].equals("tcp-reset")
              ? protocol.equals("tcp")
              : words[3].matches(REJECTIONS.getOrDefault(family, "")));
    }
    return mangles
        && (action.matches("-j MARK --set-xmark " + MARK + "/" + MARK)
            || action.matches("-j SET --map-set \\S+ (src|dst) --map-mark")
                && sets.holds(words[3], family, 1, true));
  }
}
