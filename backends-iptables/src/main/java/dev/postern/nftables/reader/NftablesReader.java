package dev.postern.nftables.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.netfilter.reader.Plane;
import dev.postern.netfilter.reader.Plane.Hook;
import dev.postern.netfilter.reader.Plane.Point;
import dev.postern.netfilter.reader.Planes;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.nftables.reader.grammar.NftLexer;
import dev.postern.nftables.reader.grammar.NftParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the nftables rules of a node. A forwarded packet passes the base chains of hooks {@code ingress}, {@code prerouting},
 * {@code forward}, {@code postrouting} and {@code egress}, each in order of priority; one to the node, or from it, those of {@code input} or
 * {@code output} instead. Of chains of type {@code nat} only what they do to
 * marks is read, and what they drop: packets are judged as they are after their destinations are set and before their sources are. Whether
 * a packet comes by the chains of a bridge or of ARP depends on the network: it is taken to be unknown.
 */
public final class NftablesReader {

  private static final List<String> HOOKS =
      List.of("ingress", "prerouting", "input", "forward", "output", "postrouting", "egress");

  /** Families whose chains a packet passes only where the network carries it so, with what is then unknown of it. */
  private static final Map<String, String> BENEATH = Map.of(
      "bridge", "whether a bridge carries the packet through ",
      "arp", "whether the packet needs an answer that comes through ");

  /** Some releases of nft do not print the devices of a chain that has several. */
  private static final String DEVICES = "whether the packet uses a device of ";

  private static final Map<String, Integer> PRIORITIES = Map.of(
      "raw", -300, "mangle", -150, "dstnat", -100, "filter", 0, "security", 50, "srcnat", 100);

  /** What sets say of themselves and no packet sees; a limit, a quota or a count holds for some packets only. */
  private static final Set<String> SAY_NOTHING =
      Set.of("type", "typeof", "size", "policy", "gc-interval", "auto-merge", "comment", "counter");

  /** As JSON says it. */
  private static final Pattern MARKS_CONNECTIONS = Pattern.compile(
      "\"mangle\"\\s*:\\s*\\{\\s*\"key\"\\s*:\\s*\\{\\s*\"ct\"\\s*:\\s*\\{\\s*\"key\"\\s*:\\s*\"mark\"");

  private final Ruleset ruleset;
  private final boolean json;
  private final NodeFacts node;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  /** What was read of a table. */
  private static final class Table {
    final Map<String, NamedSet> sets = new HashMap<>();
    final Set<String> changing = new HashSet<>();
    final Map<String, Chain> chains = new LinkedHashMap<>();
    final List<Hook> hooks = new ArrayList<>();
    /** The first chains of type nat, by their hooks. */
    final Map<String, List<String>> nat = new HashMap<>();

    /** What the policies of chains of type nat do, by their hooks. */
    final Map<String, List<EnforcedRule>> translationPolicies = new HashMap<>();
    /** Chains in the order of the text; a chain can be opened more than once. */
    final Map<String, List<NftParser.LineContext>> lines = new LinkedHashMap<>();

    boolean dormant;
  }

  private NftablesReader(Ruleset ruleset, boolean json, NodeFacts node) {
    this.node = node;
    this.ruleset = ruleset;
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
    return read(file, ruleset, AddressSet.EMPTY);
  }

  /** The same with the node's own addresses, for rules that ask for local ones. */
  public static EnforcedRules read(String file, String ruleset, AddressSet local) {
    return Planes.rules(file, planes(file, ruleset, local), List.of());
  }

  static List<Plane> planes(String file, String ruleset, AddressSet local) {
    return Planes.read(
        new NodeFacts(local, marksConnections(ruleset), NodeFacts.ANYTHING),
        node -> List.of(plane(file, ruleset, Set.of(), node)),
        List.of());
  }

  /**
   * A ruleset in its plain form.
   *
   * @param ruleset what {@code nft list ruleset} or {@code nft -j list ruleset} prints
   * @throws UnreadableDump if it is JSON and no ruleset
   */
  public static String plain(String file, String ruleset) {
    return ruleset.stripLeading().startsWith("{") ? JsonRuleset.text(file, ruleset) : ruleset;
  }

  /** Whether some rule of a dump may mark connections. */
  public static boolean marksConnections(String ruleset) {
    return ruleset.contains("ct mark set")
        || ruleset.contains("CONNMARK")
        || MARKS_CONNECTIONS.matcher(ruleset).find();
  }

  /**
   * Reads a ruleset.
   *
   * @param without tables that are left out, such as {@code ip filter}, since another tool's dump has them
   * @throws UnreadableDump if it is none
   */
  public static Plane plane(String file, String ruleset, Set<String> without, NodeFacts node) {
    boolean json = ruleset.stripLeading().startsWith("{");
    Ruleset text = new Ruleset(file, json ? JsonRuleset.text(file, ruleset) : ruleset);
    NftablesReader reader = new NftablesReader(text, json, node);
    text.forEach(reader::item);
    reader.tables.keySet().removeAll(without);
    Map<String, Chain> chains = new LinkedHashMap<>();
    List<Hook> hooks = new ArrayList<>();
    Map<String, List<String>> nat = new HashMap<>();
    Map<String, List<EnforcedRule>> policies = new HashMap<>();
    for (Table table : reader.tables.values()) {
      chains.putAll(table.chains);
      // A dormant table hooks nothing.
      if (!table.dormant) {
        hooks.addAll(table.hooks);
        table.nat.forEach(
            (hook, first) -> nat.computeIfAbsent(hook, key -> new ArrayList<>()).addAll(first));
        table.translationPolicies.forEach((hook, rules) ->
            policies.computeIfAbsent(hook, key -> new ArrayList<>()).addAll(rules));
      }
    }
    return new Plane(
        hooks,
        chains,
        NatChains.of(chains, nat, policies, "prerouting"),
        NatChains.of(chains, nat, policies, "output"),
        nat.getOrDefault("input", List.of()).stream()
            .anyMatch(
                chain -> !Objects.requireNonNull(chains.get(chain)).rules().isEmpty()));
  }

  /**
   * The tables that iptables-nft made, as far as their names and chains show it.
   *
   * @param alsoOfNft whether those in which {@code nft} put something besides: of sets and ranges of addresses {@code iptables-save} prints
   *     a part or nothing, and no word about it
   */
  public static Set<String> tablesOfIptables(String file, String ruleset, boolean alsoOfNft) {
    boolean json = ruleset.stripLeading().startsWith("{");
    return IptablesTables.in(
        new Ruleset(file, json ? JsonRuleset.text(file, ruleset) : ruleset), alsoOfNft);
  }

  /** {@code ip filter}: the family and the name of a table. */
  static String name(NftParser.TableContext table) {
    return table.name().size() == 1
        ? "ip " + table.name(0).getText()
        : table.name(0).getText() + " " + table.name(1).getText();
  }

  private void item(NftParser.ItemContext item) {
    if (item.deletion() != null) {
      tables.remove(
          item.deletion().family.getText() + " " + item.deletion().name(1).getText());
      return;
    }
    NftParser.TableContext table = item.table();
    String name = name(table);
    Table draft = tables.computeIfAbsent(name, key -> new Table());
    table.definition().forEach(definition -> definition(draft, definition));
    if (Set.of("ip", "ip6", "inet", "netdev").contains(family(name))
        || BENEATH.containsKey(family(name))) {
      rules(name, draft);
    }
    draft.lines.clear();
  }

  static String family(String table) {
    return table.substring(0, table.indexOf(' '));
  }

  private void definition(Table draft, NftParser.DefinitionContext definition) {
    if (definition.set() != null) {
      NftParser.SetContext set = definition.set();
      NamedSet members = NamedSet.of(List.of());
      boolean changing = false;
      for (NftParser.AttributeContext attribute : set.attribute()) {
        if (attribute.block() != null) {
          members = NamedSet.of(ruleset.members(attribute.block()));
        }
        changing |= attribute.timeout() != null
            || attribute.flags() != null
                && attribute.flags().name().stream()
                    .anyMatch(flag -> Set.of("dynamic", "timeout").contains(flag.getText()))
            || attribute.block() == null
                && attribute.flags() == null
                && !SAY_NOTHING.contains(attribute.getStart().getText());
      }
      draft.sets.put(
          NamedSet.plain(set.name().getText()),
          new NamedSet(members.elements(), members.changing() || changing));
    } else if (definition.chain() != null) {
      List<NftParser.LineContext> lines = draft.lines.computeIfAbsent(
          NamedSet.plain(definition.chain().name().getText()), key -> new ArrayList<>());
      for (NftParser.LineContext line : definition.chain().line()) {
        lines.add(line);
        if (line.statement() != null && line.statement().getStart().getType() == NftLexer.TYPE) {
          throw new UnreadableDump(
              ruleset.origin(line),
              "`" + ruleset.text(line) + "`: where this chain begins is not understood");
        }
        if (line.statement() != null) {
          alterations(draft, line.statement());
        }
      }
    } else if (definition.flags() != null) {
      draft.dormant |=
          definition.flags().name().stream().anyMatch(flag -> flag.getText().equals("dormant"));
    }
  }

  /** Notes which sets a rule changes, also where the rule is not understood. */
  private void alterations(Table draft, NftParser.StatementContext statement) {
    List<String> words = ruleset.words(statement.getStart(), statement.getStop());
    for (int i = 0; i + 1 < words.size(); i++) {
      if (Set.of("update", "add", "delete").contains(words.get(i))
          && words.get(i + 1).startsWith("@")) {
        draft.changing.add(words.get(i + 1).substring(1));
      }
    }
  }

  private void rules(String name, Table draft) {
    draft.changing.forEach(set ->
        draft.sets.computeIfPresent(set, (key, known) -> new NamedSet(known.elements(), true)));
    String family = family(name);
    String prefix = name + " ";
    RuleParser parser = new RuleParser(ruleset, prefix, draft.sets, family, node);
    boolean hiding = !json
        && !family.equals("inet")
        && IptablesTables.hasNameOfOne(name)
        && draft.lines.keySet().stream().anyMatch(chain -> chain.matches("[A-Z]+"));
    draft.lines.forEach((chain, lines) -> {
      List<EnforcedRule> rules = new ArrayList<>();
      Optional.ofNullable(draft.chains.get(prefix + chain))
          .ifPresent(before -> rules.addAll(before.rules()));
      for (NftParser.LineContext line : lines) {
        if (line.base() != null) {
          base(draft, family, prefix + chain, line.base(), lines);
        } else if (line.statement() != null) {
          rules.addAll(
              hiding ? List.of(hidden(line.statement(), parser)) : parser.read(line.statement()));
        }
      }
      draft.chains.put(prefix + chain, new Chain(prefix + chain, rules));
    });
  }

  /** A rule some of whose conditions may not be printed. */
  private static EnforcedRule hidden(NftParser.StatementContext statement, RuleParser parser) {
    List<EnforcedRule> rules = parser.read(statement);
    EnforcedRule rule = rules.get(rules.size() - 1);
    return new EnforcedRule(
        Condition.all(
            rule.condition(),
            new Condition.Unknown("what iptables-nft hides from nft (read it with iptables-save)")),
        rules.size() == 1 ? rule.action() : new RuleAction.Unknown(rule.text()),
        rule.text(),
        rule.origin());
  }

  /** {@code type filter hook forward priority filter - 1}, and {@code policy drop} on the same line or another. */
  private void base(
      Table draft,
      String family,
      String chain,
      NftParser.BaseContext base,
      List<NftParser.LineContext> lines) {
    String hook = base.hook.getText();
    boolean drops = lines.stream()
        .anyMatch(
            line -> line.policy() != null && line.policy().name().getText().equals("drop"));
    boolean anyDevice =
        Set.of("ingress", "egress").contains(hook) && devices(base).isEmpty();
    if (anyDevice || BENEATH.containsKey(family)) {
      beneath(draft, BENEATH.getOrDefault(family, DEVICES), chain, base, drops);
      return;
    }
    if (!HOOKS.contains(hook)) {
      return;
    }
    if (base.kind.getText().equals("nat")) {
      draft.nat.computeIfAbsent(hook, key -> new ArrayList<>()).add(chain);
      if (drops) {
        draft
            .translationPolicies
            .computeIfAbsent(hook, key -> new ArrayList<>())
            .add(policy(NatChains.PERHAPS, chain, base));
      }
      return;
    }
    Condition applies = switch (family) {
      case "ip" -> new Condition.SourceAddress(AddressSet.all(Family.IPV4));
      case "ip6" -> new Condition.SourceAddress(AddressSet.all(Family.IPV6));
      default -> Condition.ALWAYS;
    };
    List<Condition> devices = new ArrayList<>();
    for (String device : devices(base)) {
      devices.add(
          hook.equals("egress")
              ? new Condition.OutInterface(device, false)
              : new Condition.InInterface(device, false));
    }
    if (!devices.isEmpty()) {
      applies = Condition.any(devices.toArray(Condition[]::new));
    }
    draft.hooks.add(new Hook(
        Point.values()[HOOKS.indexOf(hook)],
        priority(base.priority()),
        new Stage(chain, applies, chain, drops ? Ending.DROP : Ending.ACCEPT)));
  }

  private List<String> devices(NftParser.BaseContext base) {
    if (base.device != null) {
      return List.of(NamedSet.plain(base.device.getText()));
    }
    return base.block() == null
        ? List.of()
        : ruleset.members(base.block()).stream()
            .map(element -> NamedSet.plain(String.join(" ", element.key())))
            .toList();
  }

  /** A chain that a packet may pass beneath the network layer, on its way in or out. */
  private void beneath(
      Table draft, String unknown, String chain, NftParser.BaseContext base, boolean drops) {
    Condition perhaps = new Condition.Unknown(unknown + chain);
    List<EnforcedRule> rules = new ArrayList<>();
    rules.add(new EnforcedRule(
        perhaps, new RuleAction.Jump(chain), ruleset.text(base), ruleset.origin(base)));
    if (drops) {
      rules.add(policy(perhaps, chain, base));
    }
    String entry = chain + " perhaps";
    draft.chains.put(entry, new Chain(entry, rules));
    boolean in = Set.of("ingress", "prerouting", "input").contains(base.hook.getText());
    draft.hooks.add(new Hook(
        in ? Point.INGRESS : Point.EGRESS,
        in ? Integer.MIN_VALUE : Integer.MAX_VALUE,
        new Stage(chain, Condition.ALWAYS, entry, Ending.ACCEPT)));
  }

  private EnforcedRule policy(Condition when, String chain, NftParser.BaseContext base) {
    return new EnforcedRule(when, RuleAction.DROP, "policy drop of " + chain, ruleset.origin(base));
  }

  private int priority(NftParser.PriorityContext priority) {
    try {
      Integer named = PRIORITIES.get(priority.name(0).getText());
      if (named == null) {
        return Integer.parseInt(priority.name(0).getText());
      }
      return priority.sign == null
          ? named
          : named + Integer.parseInt(priority.sign.getText() + priority.offset.getText());
    } catch (NumberFormatException e) {
      throw new UnreadableDump(
          ruleset.origin(priority), "`" + ruleset.text(priority) + "`: no priority");
    }
  }
}
