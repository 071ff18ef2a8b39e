package dev.postern.iptables.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.PrintedAddresses;
import dev.postern.netfilter.reader.Translation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what the nat table does to packets besides translating them: which marks it may set, which packets it may drop, and which destinations it sets. */
final class NatTable {

  private static final Condition PERHAPS =
      new Condition.Unknown("whether the nat table comes here");
  private static final Set<String> TRANSLATING = Set.of("DNAT", "REDIRECT", "NETMAP");
  private static final Set<String> HARMLESS = Set.of("ACCEPT", "RETURN", "SNAT", "MASQUERADE");

  private final Family family;
  private final RuleReader reader;
  private final Map<String, List<SaveLines.Line>> chains;
  private AddressSet destinations = AddressSet.EMPTY;
  private final List<EnforcedRule> effects = new ArrayList<>();
  private int marked;

  NatTable(Family family, RuleReader reader, Map<String, List<SaveLines.Line>> chains) {
    this.family = family;
    this.reader = reader;
    this.chains = chains;
  }

  /**
   * Reads the table.
   *
   * @param first the chain that sets destinations
   * @param dropping the chains whose policy is DROP
   */
  Translation read(String first, List<String> dropping) {
    for (SaveLines.Line line : reached(first)) {
      read(line);
    }
    boolean source = reached("POSTROUTING").stream()
        .map(line -> target(line.words()))
        .anyMatch(target -> !chains.containsKey(target)
            && !Set.of("", "ACCEPT", "RETURN", "MARK", "CONNMARK", "LOG").contains(target));
    reached("POSTROUTING").stream().filter(this::mayEnd).forEach(this::perhaps);
    for (String chain : List.of(first, "POSTROUTING")) {
      if (dropping.contains(chain)) {
        effects.add(
            new EnforcedRule(PERHAPS, RuleAction.DROP, "policy DROP of nat " + chain, Origin.NONE));
      }
    }
    return new Translation(destinations, source, effects);
  }

  private boolean mayEnd(SaveLines.Line line) {
    String target = target(line.words());
    RuleAction action = reader.read(line).action();
    return !chains.containsKey(target)
        && !HARMLESS.contains(target)
        && !TRANSLATING.contains(target)
        && (action instanceof RuleAction.Drop
            || action instanceof RuleAction.Queue
            || action instanceof RuleAction.Unknown);
  }

  private void perhaps(SaveLines.Line line) {
    effects.add(
        new EnforcedRule(PERHAPS, new RuleAction.Unknown(line.text()), line.text(), line.origin()));
  }

  /** The rules of a chain and of all chains that it leads to. */
  private List<SaveLines.Line> reached(String from) {
    Set<String> names = new LinkedHashSet<>(Set.of(from));
    List<String> open = new ArrayList<>(names);
    List<SaveLines.Line> lines = new ArrayList<>();
    while (!open.isEmpty()) {
      for (SaveLines.Line line : chains.getOrDefault(open.remove(0), List.of())) {
        lines.add(line);
        String target = target(line.words());
        if (chains.containsKey(target) && names.add(target)) {
          open.add(target);
        }
      }
    }
    return lines;
  }

  private static String target(List<String> words) {
    int at = RuleReader.target(words);
    return at < words.size() ? words.get(at + 1) : "";
  }

  private void read(SaveLines.Line line) {
    List<String> words = line.words();
    String target = target(words);
    if (chains.containsKey(target) || HARMLESS.contains(target)) {
      return;
    }
    if (TRANSLATING.contains(target)) {
      destinations = destinations.union(destinations(words, target));
      return;
    }
    EnforcedRule rule = reader.read(line);
    if (rule.action() instanceof RuleAction.SetMark set) {
      lose(rule, set.value() | set.mask());
    } else if (rule.action() instanceof RuleAction.UnknownMark lost) {
      lose(rule, lost.mask());
    } else if (rule.action() instanceof RuleAction.MapMark map) {
      lose(
          rule,
          map.entries().stream()
              .map(entry -> entry.value() | entry.mask())
              .reduce(0, (a, b) -> a | b));
    } else if (!(rule.action() instanceof RuleAction.Continue)) {
      perhaps(line);
    }
  }

  /** Whether the packet comes to this rule may depend on the destination that it had. */
  private void lose(EnforcedRule rule, int bits) {
    if ((bits & ~marked) != 0) {
      marked |= bits;
      effects.add(new EnforcedRule(
          new Condition.SourceAddress(AddressSet.all(family)),
          new RuleAction.UnknownMark(bits),
          rule.text(),
          rule.origin()));
    }
  }

  private AddressSet destinations(List<String> words, String target) {
    AddressSet all = AddressSet.all(family);
    int at = words.indexOf(target.equals("NETMAP") ? "--to" : "--to-destination");
    if (target.equals("REDIRECT") || at < 0 || at + 1 >= words.size()) {
      // What is redirected comes to the node itself.
      return target.equals("REDIRECT") ? AddressSet.EMPTY : all;
    }
    try {
      return addresses(words.get(at + 1));
    } catch (IllegalArgumentException e) {
      return all;
    }
  }

  /** {@code 10.0.0.1}, {@code 10.0.0.1-10.0.0.9:80-90}, {@code [fd00::1]:80}, {@code 10.0.0.0/24}. */
  private AddressSet addresses(String text) {
    String plain = text;
    if (family == Family.IPV4 && text.indexOf(':') >= 0) {
      plain = text.substring(0, text.indexOf(':'));
    } else if (text.startsWith("[")) {
      plain = text.substring(1, text.lastIndexOf(']')).replace("]-[", "-");
    }
    int dash = plain.indexOf('-');
    return dash < 0
        ? PrintedAddresses.parse(plain)
        : AddressSet.of(new AddressRange(
            Address.parse(plain.substring(0, dash)), Address.parse(plain.substring(dash + 1))));
  }
}
