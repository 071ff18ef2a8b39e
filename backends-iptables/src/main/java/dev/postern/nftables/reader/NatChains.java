package dev.postern.nftables.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.netfilter.reader.PrintedAddresses;
import dev.postern.netfilter.reader.Translation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what chains of type nat do to packets besides translating them: which marks they may set, which packets they may drop, and which destinations they set. */
final class NatChains {

  private static final Pattern TO = Pattern.compile(
      "dnat (?:ip6? )?to ([0-9a-fA-F.:\\[\\]-]+)(?! ?(?:\\.|map))|'addr':'([^']+)'");
  private static final Pattern CHAIN = Pattern.compile("(?:jump|goto) \"?([^\\s\",}]+)");
  private static final Pattern HARMLESS =
      Pattern.compile("\\b(redirect|snat|masquerade|notrack)\\b");
  private static final Pattern MARKS = Pattern.compile("mark set");
  private static final Pattern DROPS = Pattern.compile("\\bdrop\\b");

  /** Whether a packet comes to a rule depends on the destination that it had. */
  static final Condition PERHAPS = new Condition.Unknown("whether the nat chains come here");

  private final Map<String, Chain> chains;
  private AddressSet destinations = AddressSet.EMPTY;
  private final List<EnforcedRule> effects = new ArrayList<>();
  private int marked;

  NatChains(Map<String, Chain> chains) {
    this.chains = chains;
  }

  /**
   * What the chains of type nat do to packets on one way.
   *
   * @param nat the first chains, by their hooks
   * @param policies what their policies do, by their hooks
   * @param first the hook where destinations are set
   */
  static Translation of(
      Map<String, Chain> chains,
      Map<String, List<String>> nat,
      Map<String, List<EnforcedRule>> policies,
      String first) {
    List<EnforcedRule> drops = new ArrayList<>(policies.getOrDefault(first, List.of()));
    drops.addAll(policies.getOrDefault("postrouting", List.of()));
    return new NatChains(chains)
        .read(
            nat.getOrDefault(first, List.of()), nat.getOrDefault("postrouting", List.of()), drops);
  }

  /**
   * Reads what chains do, with all that they lead to.
   *
   * @param prerouting where destinations are set
   * @param postrouting where sources are set
   * @param policies what their policies do
   */
  Translation read(List<String> prerouting, List<String> postrouting, List<EnforcedRule> policies) {
    reached(prerouting).forEach(this::read);
    boolean source = false;
    for (EnforcedRule rule : reached(postrouting)) {
      if (rule.action() instanceof RuleAction.Unknown unknown) {
        source = true;
        ends(rule, unknown.text());
      } else if (rule.action() instanceof RuleAction.Drop
          || rule.action() instanceof RuleAction.Queue) {
        perhaps(rule);
      }
    }
    effects.addAll(policies);
    return new Translation(destinations, source, effects);
  }

  private List<EnforcedRule> reached(List<String> from) {
    Set<String> names = new LinkedHashSet<>(from);
    List<String> open = new ArrayList<>(from);
    List<EnforcedRule> rules = new ArrayList<>();
    while (!open.isEmpty()) {
      String name = open.remove(0);
      Chain chain = chains.get(name);
      if (chain == null) {
        continue;
      }
      String table = name.substring(0, name.lastIndexOf(' ') + 1);
      for (EnforcedRule rule : chain.rules()) {
        rules.add(rule);
        for (String next : next(rule, table)) {
          if (names.add(next)) {
            open.add(next);
          }
        }
      }
    }
    return rules;
  }

  private static List<String> next(EnforcedRule rule, String table) {
    if (rule.action() instanceof RuleAction.Jump jump) {
      return List.of(jump.chain());
    }
    if (rule.action() instanceof RuleAction.Goto go) {
      return List.of(go.chain());
    }
    // A map of verdicts whose key is not understood may lead to each of its chains.
    List<String> named = new ArrayList<>();
    if (rule.action() instanceof RuleAction.Unknown unknown) {
      Matcher matcher = CHAIN.matcher(unknown.text());
      while (matcher.find()) {
        named.add(table + matcher.group(1));
      }
    }
    return named;
  }

  private void read(EnforcedRule rule) {
    RuleAction action = rule.action();
    if (action instanceof RuleAction.SetMark set) {
      lose(rule, set.value() | set.mask());
    } else if (action instanceof RuleAction.UnknownMark lost) {
      lose(rule, lost.mask());
    } else if (action instanceof RuleAction.MapMark map) {
      lose(
          rule,
          map.entries().stream()
              .map(entry -> entry.value() | entry.mask())
              .reduce(0, (a, b) -> a | b));
    } else if (action instanceof RuleAction.Drop || action instanceof RuleAction.Queue) {
      perhaps(rule);
    } else if (action instanceof RuleAction.Unknown unknown) {
      unknown(rule, unknown.text());
    }
  }

  private void unknown(EnforcedRule rule, String text) {
    if (MARKS.matcher(text).find()) {
      lose(rule, -1);
    }
    if (text.contains("dnat")) {
      destinations = destinations.union(destinations(text));
    } else if (text.contains("vmap") && !CHAIN.matcher(text).find()) {
      lose(rule, -1);
      destinations = NodeFacts.ANYTHING;
    }
    ends(rule, text);
  }

  /** What is not understood may drop the packet, unless it is known not to. */
  private void ends(EnforcedRule rule, String text) {
    boolean harmless =
        text.contains("dnat") || text.contains("vmap") || HARMLESS.matcher(text).find();
    if (!harmless || DROPS.matcher(text).find()) {
      perhaps(rule);
    }
  }

  private void perhaps(EnforcedRule rule) {
    effects.add(new EnforcedRule(PERHAPS, rule.action(), rule.text(), rule.origin()));
  }

  /** Whether the packet comes to this rule may depend on the destination that it had. */
  private void lose(EnforcedRule rule, int bits) {
    if ((bits & ~marked) != 0) {
      marked |= bits;
      effects.add(new EnforcedRule(
          Condition.ALWAYS, new RuleAction.UnknownMark(bits), rule.text(), rule.origin()));
    }
  }

  private static AddressSet destinations(String text) {
    Matcher to = TO.matcher(text);
    if (!to.find()) {
      return NodeFacts.ANYTHING;
    }
    String address = to.group(1) == null ? to.group(2) : to.group(1);
    try {
      boolean ports = address.indexOf('.') > 0 && address.indexOf(':') > 0;
      return PrintedAddresses.parse(
          ports
              ? address.substring(0, address.indexOf(':'))
              : address.startsWith("[") ? address.substring(1, address.lastIndexOf(']')) : address);
    } catch (IllegalArgumentException e) {
      return NodeFacts.ANYTHING;
    }
  }
}
