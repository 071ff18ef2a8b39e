package dev.postern.nftables.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Action;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.net.Family;
import dev.postern.netfilter.Addressing;
import dev.postern.netfilter.UnreadableDump;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the nftables rules of a node. A forwarded packet passes the base chains of hooks {@code ingress}, {@code prerouting},
 * {@code forward} and {@code postrouting}, each in order of priority. Chains of type {@code nat} are left out: packets are judged as they
 * are after their destinations are set and before their sources are.
 */
public final class NftablesReader {

  private static final List<String> HOOKS =
      List.of("ingress", "prerouting", "forward", "postrouting");

  private static final Map<String, Integer> PRIORITIES = Map.of(
      "raw", -300, "mangle", -150, "dstnat", -100, "filter", 0, "security", 50, "srcnat", 100);

  /** Tables that iptables-nft makes: nft's plain output leaves out those conditions that only iptables knows. */
  private static final Set<String> FOREIGN = Set.of("filter", "mangle", "raw", "security");

  private record Base(Stage stage, int hook, int priority) {}

  /** A table as it is read. */
  private static final class Draft {
    final Map<String, NamedSet> sets = new HashMap<>();
    final Map<String, List<Item.Line>> chains = new LinkedHashMap<>();
    final Set<String> changing = new HashSet<>();
  }

  private final String file;
  private final boolean json;
  private final Map<String, Draft> tables = new LinkedHashMap<>();
  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final List<Base> bases = new ArrayList<>();

  private NftablesReader(String file, boolean json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a ruleset.
   *
   * @param ruleset what {@code nft list ruleset} or {@code nft -j list ruleset} prints, or a file for {@code nft -f} that only defines tables
   * @throws UnreadableDump if it is neither
   */
  public static EnforcedRules read(String ruleset) {
    return read("nft list ruleset", ruleset);
  }

  /** The same with the name of the file, for messages. */
  public static EnforcedRules read(String file, String ruleset) {
    boolean json = ruleset.stripLeading().startsWith("{");
    NftablesReader reader = new NftablesReader(file, json);
    List<Item.Line> lines = Items.read(file, json ? JsonRuleset.text(file, ruleset) : ruleset);
    lines.forEach(reader::top);
    reader.tables.forEach(reader::table);
    reader.bases.sort(Comparator.comparingInt(Base::hook).thenComparingInt(Base::priority));
    return new EnforcedRules(reader.bases.stream().map(Base::stage).toList(), reader.chains);
  }

  private Origin origin(Item.Line line) {
    return new Origin(file, line.number(), 1, "");
  }

  private void top(Item.Line line) {
    boolean two = line.items().size() == 3;
    if (line.word(0).equals("delete")
        && line.word(1).equals("table")
        && line.items().size() == 4) {
      tables.remove(line.word(2) + " " + line.word(3));
      return;
    }
    if (!line.word(0).equals("table")
        || !(line.items().get(line.items().size() - 1) instanceof Item.Block block)) {
      throw new UnreadableDump(
          origin(line), "`" + line + "` is no table (give what `nft list ruleset` prints)");
    }
    String name = two ? "ip " + line.word(1) : line.word(1) + " " + line.word(2);
    Draft draft = tables.computeIfAbsent(name, key -> new Draft());
    block.lines().forEach(item -> definition(draft, item));
  }

  private void definition(Draft draft, Item.Line line) {
    String kind = line.word(0);
    if (line.items().isEmpty()
        || !(line.items().get(line.items().size() - 1) instanceof Item.Block block)) {
      return;
    }
    if (kind.equals("chain")) {
      draft.chains.put(line.word(1), block.lines());
      block.lines().forEach(rule -> {
        for (int i = 0; i + 1 < rule.items().size(); i++) {
          if (Set.of("update", "add", "delete").contains(rule.word(i))
              && rule.word(i + 1).startsWith("@")) {
            draft.changing.add(rule.word(i + 1).substring(1));
          }
        }
      });
    } else if (kind.equals("set") || kind.equals("map")) {
      List<Item> elements = List.of();
      boolean changing = false;
      for (Item.Line attribute : block.lines()) {
        if (attribute.word(0).equals("elements")
            && attribute.items().get(attribute.items().size() - 1) instanceof Item.Block members) {
          elements = members.items();
        }
        changing |= attribute.word(0).equals("timeout")
            || attribute.word(0).equals("flags")
                && attribute.toString().matches(".*(dynamic|timeout).*");
      }
      NamedSet set = NamedSet.of(elements);
      draft.sets.put(line.word(1), new NamedSet(set.elements(), set.changing() || changing));
    }
  }

  private void table(String name, Draft draft) {
    String family = name.substring(0, name.indexOf(' '));
    if (!Set.of("ip", "ip6", "inet", "netdev").contains(family)) {
      return;
    }
    draft.changing.forEach(set ->
        draft.sets.computeIfPresent(set, (key, known) -> new NamedSet(known.elements(), true)));
    String prefix = name + " ";
    RuleParser parser = new RuleParser(file, prefix, draft.sets);
    boolean hiding = !json
        && !family.equals("inet")
        && FOREIGN.contains(name.substring(name.indexOf(' ') + 1))
        && draft.chains.keySet().stream().anyMatch(chain -> chain.matches("[A-Z]+"));
    draft.chains.forEach((chain, lines) -> {
      List<Rule> rules = new ArrayList<>();
      for (Item.Line line : lines) {
        if (line.word(0).equals("type")) {
          base(family, prefix + chain, line, lines);
        } else if (!Set.of("policy", "comment", "flags").contains(line.word(0))) {
          rules.addAll(hiding ? List.of(hidden(line, parser)) : parser.read(line));
        }
      }
      chains.put(prefix + chain, new Chain(prefix + chain, rules));
    });
  }

  /** A rule some of whose conditions may not be printed. */
  private static Rule hidden(Item.Line line, RuleParser parser) {
    List<Rule> rules = parser.read(line);
    Rule rule = rules.get(rules.size() - 1);
    return new Rule(
        Condition.all(
            rule.condition(),
            new Condition.Unknown("what iptables-nft hides from nft (read it with iptables-save)")),
        rules.size() == 1 ? rule.action() : new Action.Unknown(line.toString()),
        rule.text(),
        rule.origin());
  }

  /** {@code type filter hook forward priority filter - 1}, and {@code policy drop} on the same line or another. */
  private void base(String family, String chain, Item.Line line, List<Item.Line> all) {
    int hookAt = indexOf(line, "hook");
    int priorityAt = indexOf(line, "priority");
    String hook = line.word(hookAt + 1);
    if (line.word(1).equals("nat") || !HOOKS.contains(hook) || hookAt < 0 || priorityAt < 0) {
      return;
    }
    boolean drops =
        all.stream().anyMatch(l -> l.word(0).equals("policy") && l.word(1).equals("drop"));
    Condition applies = switch (family) {
      case "ip" -> new Condition.Source(Addressing.whole(Family.IPV4));
      case "ip6" -> new Condition.Source(Addressing.whole(Family.IPV6));
      default -> Condition.ALWAYS;
    };
    int device = indexOf(line, "device");
    if (device >= 0) {
      applies = new Condition.InInterface(line.word(device + 1), false);
    }
    bases.add(new Base(
        new Stage(chain, applies, chain, drops ? Ending.DROP : Ending.ACCEPT),
        HOOKS.indexOf(hook),
        priority(line, priorityAt + 1)));
  }

  private int priority(Item.Line line, int at) {
    try {
      Integer named = PRIORITIES.get(line.word(at));
      if (named == null) {
        return Integer.parseInt(line.word(at));
      }
      String sign = line.word(at + 1);
      return sign.equals("+") || sign.equals("-")
          ? named + Integer.parseInt(sign + line.word(at + 2))
          : named;
    } catch (NumberFormatException e) {
      throw new UnreadableDump(origin(line), "`" + line + "`: no priority");
    }
  }

  private static int indexOf(Item.Line line, String word) {
    for (int i = 0; i < line.items().size(); i++) {
      if (line.word(i).equals(word)) {
        return i;
      }
    }
    return -1;
  }
}
