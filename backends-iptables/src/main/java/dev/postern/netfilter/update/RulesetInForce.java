package dev.postern.netfilter.update;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.NftPart.Kind;
import dev.postern.netfilter.update.NftStatements.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A ruleset of nftables, changed as {@code nft -f} does, a file at once (nft(8)). It follows what it understands to the last
 * word and refuses the rest: a command that is half understood would make a state that no node has.
 */
final class RulesetInForce {

  private static final Set<String> FAMILIES =
      Set.of("ip", "ip6", "inet", "arp", "bridge", "netdev");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

  /** By family and name. */
  private final Map<String, RulesetTable> tables = new LinkedHashMap<>();

  /** @param dump what {@code nft list ruleset} prints, in its plain form */
  RulesetInForce(String file, String dump) {
    run(file, dump, true);
  }

  /**
   * Does what a file says.
   *
   * @throws UnreadableDump if nft would refuse it, or it is not understood
   */
  void run(String file, String text) {
    NftLayout.require(file, text);
    tables.values().forEach(RulesetTable::begin);
    run(file, text, false);
    tables.forEach((called, table) -> requireWays(file, text, called, table));
  }

  private static void requireWays(String file, String text, String called, RulesetTable table) {
    boolean fits = table.fits();
    if (!fits || !table.refusesWhereItCan()) {
      throw new UnreadableDump(
          new Origin(file, (int) text.lines().count(), 1, ""),
          "rules of the table " + called
              + (fits
                  ? " reject packets at a hook at which nft is not known to let them"
                  : " lead back, or through more than " + ChainDepth.OF_NFTABLES
                      + " chains, which the kernel does not take"));
    }
  }

  private void run(String file, String text, boolean printed) {
    for (Statement statement : NftStatements.of(file, text, 1)) {
      if (!run(file, statement, printed)) {
        throw new UnreadableDump(
            new Origin(file, statement.line(), 1, ""),
            "`" + statement.head() + "` is no command that we know `nft` to take in this state");
      }
    }
  }

  /** Whether nft takes it. */
  private boolean run(String file, Statement statement, boolean printed) {
    List<String> words = new ArrayList<>(List.of(statement.head().split(" ")));
    String verb = Set.of("add", "create", "delete", "flush", "insert").contains(words.get(0))
        ? words.remove(0)
        : "add";
    String kind = words.isEmpty() ? "" : words.remove(0);
    boolean family = !words.isEmpty() && FAMILIES.contains(words.get(0));
    if (kind.equals("ruleset")) {
      return verb.equals("flush") && flush(words, family, statement);
    }
    String of = family ? words.remove(0) : "ip";
    if (words.isEmpty() || !NAME.matcher(words.get(0)).matches()) {
      return false;
    }
    String called = of + " " + words.remove(0);
    if (kind.equals("table")) {
      return words.isEmpty() && table(file, verb, called, statement, printed);
    }
    RulesetTable table = tables.get(called);
    if (table == null || words.isEmpty() || !NAME.matcher(words.get(0)).matches()) {
      return false;
    }
    String name = words.remove(0);
    if (kind.equals("rule")) {
      int before = statement.head().split(" ").length - words.size();
      String[] parts = statement.text().split(" ", before + 1);
      if (!rule(verb, table, name, parts, before)) {
        return false;
      }
      Statement rule = new Statement(parts[before], "", false, statement.line(), parts[before]);
      requireUnderstood(file, called, table, List.of(rule));
      return true;
    }
    if (!words.isEmpty()) {
      return false;
    }
    return switch (kind) {
      case "chain" -> {
        boolean taken = part(file, verb, Kind.CHAIN, name, table, statement);
        if (taken && statement.block()) {
          requireUnderstood(
              file, called, table, table.parts.get("chain " + name).rules(file, statement));
        }
        yield taken;
      }
      case "set" -> part(file, verb, Kind.SET, name, table, statement);
      case "map" -> part(file, verb, Kind.MAP, name, table, statement);
      case "element" -> elements(verb, table, name, statement);
      default -> false;
    };
  }

  /** One rule that nft does not take makes it refuse the whole file, also where no packet would meet it. */
  private static void requireUnderstood(
      String file, String called, RulesetTable table, List<Statement> rules) {
    String family = called.substring(0, called.indexOf(' '));
    for (Statement rule : rules) {
      if (!AddedRules.takes(family, table, rule.text())) {
        throw new UnreadableDump(
            new Origin(file, rule.line(), 1, ""),
            "`" + rule.text()
                + "` is no rule that we know `nft` to take (hint: rules as `nft list ruleset` prints them, of usual matches, are)");
      }
    }
  }

  private boolean flush(List<String> words, boolean family, Statement statement) {
    if (statement.block() || words.size() > (family ? 1 : 0)) {
      return false;
    }
    tables.keySet().removeIf(name -> words.isEmpty() || name.startsWith(words.get(0) + " "));
    return true;
  }

  private boolean table(
      String file, String verb, String called, Statement statement, boolean printed) {
    RulesetTable table = tables.get(called);
    if (verb.equals("add") || verb.equals("create")) {
      // To add a table that sleeps wakes it.
      boolean sleeps =
          table != null && table.parts.keySet().stream().anyMatch(key -> key.startsWith("flags"));
      if (table != null && verb.equals("create") || sleeps) {
        return false;
      }
      RulesetTable now = tables.computeIfAbsent(called, key -> new RulesetTable());
      List<String> referring = new ArrayList<>();
      List<Statement> rules = new ArrayList<>();
      for (Statement inner : NftStatements.of(file, statement.body(), statement.line())) {
        if (!define(file, now, inner, printed, referring)) {
          return false;
        }
        if (!printed && inner.block()) {
          rules.addAll(now.parts.get(inner.head()).rules(file, inner));
        }
      }
      if (!printed) {
        requireUnderstood(file, called, now, rules);
      }
      return printed || now.knows(referring);
    }
    boolean there = table != null;
    if (statement.block() || !there) {
      return false;
    }
    if (verb.equals("flush")) {
      table.parts.values().stream()
          .filter(part -> part.kind() == Kind.CHAIN)
          .forEach(NftPart::flush);
      return true;
    }
    tables.remove(called);
    return verb.equals("delete");
  }

  /** A definition within a table: what is there already is added to. */
  private static boolean define(
      String file, RulesetTable table, Statement inner, boolean printed, List<String> referring) {
    String[] words = inner.head().split(" ");
    boolean known =
        inner.block() && words.length == 2 && Set.of("chain", "set", "map").contains(words[0]);
    if (!known) {
      if (printed) {
        table.parts.computeIfAbsent(inner.text(), key -> new NftPart(Kind.OTHER));
      }
      return printed || inner.text().startsWith("comment ");
    }
    Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
    boolean taken = add(file, kind, words[1], table, inner, printed);
    referring.addAll(
        table.parts.getOrDefault(inner.head(), new NftPart(Kind.OTHER)).referring());
    return taken;
  }

  private static boolean add(
      String file, Kind kind, String name, RulesetTable table, Statement block, boolean printed) {
    String key = kind.name().toLowerCase(Locale.ROOT) + " " + name;
    NftPart there = table.parts.get(key);
    boolean clashes = kind != Kind.CHAIN && there == null && table.hasSet(name);
    if (clashes || !NAME.matcher(name).matches()) {
      return false;
    }
    NftPart part = there == null ? new NftPart(kind) : there;
    table.parts.putIfAbsent(key, part);
    return part.define(file, block, there != null, printed);
  }

  private static boolean part(
      String file, String verb, Kind kind, String name, RulesetTable table, Statement statement) {
    String key = kind.name().toLowerCase(Locale.ROOT) + " " + name;
    NftPart there = table.parts.get(key);
    if (verb.equals("add") || verb.equals("create") && there == null) {
      return add(file, kind, name, table, statement, false)
          && table.knows(table.parts.get(key).referring());
    }
    if (statement.block()) {
      return false;
    }
    switch (verb) {
      case "delete" -> {
        if (there == null) {
          return false;
        }
        there.flush();
        table.remove(key);
        return !table.uses(kind == Kind.CHAIN, name);
      }
      case "flush" -> {
        if (there == null) {
          return false;
        }
        there.flush();
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  private static boolean elements(
      String verb, RulesetTable table, String name, Statement statement) {
    NftPart set = table.parts.get("set " + name);
    NftPart holder = set == null ? table.parts.get("map " + name) : set;
    if (holder == null || !statement.block()) {
      return false;
    }
    List<String> texts = NftStatements.elements(statement.body());
    return !texts.isEmpty()
        && switch (verb) {
          case "add", "create" ->
            texts.stream().allMatch(text -> holder.add(text, verb.equals("create"), false))
                && table.knows(texts);
          case "delete" -> texts.stream().allMatch(holder::remove);
          default -> false;
        };
  }

  private static boolean rule(
      String verb, RulesetTable table, String chain, String[] words, int before) {
    NftPart part = table.parts.get("chain " + chain);
    if (part == null || words.length <= before) {
      return false;
    }
    String rule = words[before];
    boolean placed = rule.matches("(position|index|handle) .*");
    if (placed || NftPart.isOfChain(rule) || !table.knows(List.of(rule))) {
      return false;
    }
    switch (verb) {
      case "add" -> part.add(rule);
      case "insert" -> part.insert(rule);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The chains of all tables, as {@code inet postern judge}. */
  List<String> chains() {
    List<String> chains = new ArrayList<>();
    tables.forEach(
        (called, table) -> table.chains().forEach(name -> chains.add(called + " " + name)));
    return chains;
  }

  /** As {@code nft list ruleset} prints it. */
  String text() {
    return text(table -> true);
  }

  /** As {@code nft list ruleset} prints some tables: family and name. */
  String text(Predicate<String> which) {
    StringBuilder text = new StringBuilder();
    tables.forEach((called, table) -> {
      if (which.test(called)) {
        table.write(called, text);
      }
    });
    return text.toString();
  }
}
