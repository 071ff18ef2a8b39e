package dev.postern.iptables.reader;

import dev.postern.backend.Reader.Dump;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.NodeFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether {@code iptables-restore} takes rules that a file adds. Of rules in force it is enough to understand those that a packet meets, but
 * one line that it does not take makes it refuse the whole table (iptables-restore(8)).
 */
public final class AddedLines {

  /** What each target may have behind it (iptables-extensions(8)); others take nothing. */
  private static final Map<String, Pattern> OPTIONS = Map.of(
      "REJECT",
      Pattern.compile(
          "( --reject-with (tcp-reset|icmp6?-(net|host|port|proto|addr)-(unreachable|prohibited)|icmp6?-adm(in)?-prohibited|icmp6-no-route))?"),
      "LOG",
      Pattern.compile("( --log-prefix \\S.*?)?( --log-level [0-7])?"),
      "NFLOG",
      Pattern.compile("( --nflog-prefix \\S.*?)?( --nflog-group [0-9]{1,5})?"),
      "TCPMSS",
      Pattern.compile(" --clamp-mss-to-pmtu"));

  private static final Set<String> OF_TRANSPORT =
      Set.of("--dport", "--sport", "--dports", "--sports", "--ports", "--tcp-flags", "--icmp-type");

  private static final int LONGEST_INTERFACE = 15;

  private final Family family;
  private final NodeIpsets sets;

  /**
   * Rules of one family.
   *
   * @param sets what {@code ipset save} prints when they are added
   */
  public AddedLines(Family family, Dump sets) {
    this.family = family;
    this.sets = NodeIpsets.read(sets.file(), sets.text());
  }

  /**
   * Whether a rule is understood to its last word.
   *
   * @param file for messages
   * @param chains those that its table has
   * @param rule what stands behind the name of its chain
   */
  public boolean isUnderstood(String file, Set<String> chains, String rule) {
    NodeFacts nobody = new NodeFacts(AddressSet.EMPTY, false, NodeFacts.ANYTHING);
    RuleReader rules = new RuleReader(family, sets, nobody, "", chains);
    boolean[] understood = {true};
    SaveLines.forEach(
        file,
        "-A added " + rule,
        line -> understood[0] &= isKnown(line, chains) && isRead(rules.read(line)));
    return understood[0];
  }

  private static boolean isRead(EnforcedRule rule) {
    return isKnown(rule.condition())
        && !(rule.action() instanceof RuleAction.Unknown)
        && !(rule.action() instanceof RuleAction.UnknownMark);
  }

  private static boolean isKnown(SaveLines.Line line, Set<String> chains) {
    List<String> words = line.words();
    int target = RuleReader.target(words);
    boolean transport = false;
    for (int i = 2; i < target; i++) {
      transport |= words.get(i).equals("-p");
      boolean tooEarly = OF_TRANSPORT.contains(words.get(i)) && !transport;
      boolean tooLong = Set.of("-i", "-o").contains(words.get(i - 1))
          && words.get(i).length() > LONGEST_INTERFACE;
      if (tooEarly || tooLong) {
        return false;
      }
    }
    if (target == words.size()) {
      return true;
    }
    String name = words.get(target + 1);
    String options = words.subList(target + 2, words.size()).stream()
        .map(word -> " " + word)
        .reduce("", String::concat);
    return switch (name) {
      // Their options are read.
      case "MARK", "CONNMARK", "SET", "NFQUEUE" -> true;
      default ->
        OPTIONS.containsKey(name)
            ? OPTIONS.get(name).matcher(options).matches()
            : options.isEmpty()
                && (chains.contains(name) || Set.of("ACCEPT", "DROP", "RETURN").contains(name));
    };
  }

  private static boolean isKnown(Condition condition) {
    return !(condition instanceof Condition.Unknown)
        && !(condition instanceof Condition.Not not && !isKnown(not.condition()))
        && !(condition instanceof Condition.All all
            && !all.conditions().stream().allMatch(AddedLines::isKnown))
        && !(condition instanceof Condition.Any any
            && !any.conditions().stream().allMatch(AddedLines::isKnown));
  }
}
