package dev.postern.netfilter.update;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.NftStatements.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A ruleset of nftables, changed as {@code nft -f} does, a file at once (nft(8)). */
final class RulesetInForce {

  private static final Set<String> FAMILIES =
      Set.of("ip", "ip6", "inet", "arp", "bridge", "netdev");

  /** A chain, a set or a map, or whatever else a table has. */
  private static final class Part {
    private final List<String> lines = new ArrayList<>();
    /** Elements by their keys. */
    private final Map<String, String> elements = new LinkedHashMap<>();
  }

  /** Tables by family and name; of each its parts by kind and name, such as {@code chain judge}. */
  private final Map<String, Map<String, Part>> tables = new LinkedHashMap<>();

  /** @param dump what {@code nft list ruleset} prints, in its plain form */
  RulesetInForce(String file, String dump) {
    run(file, dump);
  }

  /**
   * Does what a file says.
   *
   * @throws UnreadableDump if nft would refuse it, or it is not understood
   */
  void run(String file, String text) {
    for (Statement statement : NftStatements.of(text, 1)) {
      run(statement, new Origin(file, statement.line(), 1, ""));
    }
  }

  private void run(Statement statement, Origin origin) {
    List<String> words = new ArrayList<>(List.of(statement.head().split(" ")));
    String verb =
        Set.of("add", "create", "delete", "destroy", "flush", "insert").contains(words.get(0))
            ? words.remove(0)
            : "add";
    String kind = words.isEmpty() ? "" : words.remove(0);
    if (kind.equals("ruleset") && verb.equals("flush")) {
      tables.clear();
      return;
    }
    String family = !words.isEmpty() && FAMILIES.contains(words.get(0)) ? words.remove(0) : "ip";
    if (words.isEmpty()) {
      throw refused(statement, origin);
    }
    String table = family + " " + words.remove(0);
    if (kind.equals("table")) {
      table(verb, table, statement, origin);
      return;
    }
    Map<String, Part> parts = tables.get(table);
    if (parts == null || words.isEmpty()) {
      throw refused(statement, origin);
    }
    String name = words.remove(0);
    switch (kind) {
      case "chain", "set", "map" -> part(verb, kind + " " + name, parts, statement, origin);
      case "element" -> elements(verb, holder(parts, name, statement, origin), statement, origin);
      case "rule" -> rule(verb, name, parts, statement, origin);
      default -> throw refused(statement, origin);
    }
  }

  private void table(String verb, String table, Statement statement, Origin origin) {
    switch (verb) {
      case "add", "create" -> {
        Map<String, Part> parts = tables.computeIfAbsent(table, key -> new LinkedHashMap<>());
        for (Statement inner : NftStatements.of(statement.body(), statement.line())) {
          define(parts, inner);
        }
      }
      case "delete", "destroy" -> {
        if (tables.remove(table) == null && verb.equals("delete")) {
          throw refused(statement, origin);
        }
      }
      case "flush" -> {
        Map<String, Part> parts = tables.get(table);
        if (parts == null) {
          throw refused(statement, origin);
        }
        parts.forEach((key, part) -> {
          if (key.startsWith("chain ")) {
            part.lines.removeIf(line -> !isOfChain(line));
          }
        });
      }
      default -> throw refused(statement, origin);
    }
  }

  /** A definition within a table: what is there already is added to. */
  private static void define(Map<String, Part> parts, Statement inner) {
    String[] words = inner.head().split(" ");
    boolean known = words.length == 2 && Set.of("chain", "set", "map").contains(words[0]);
    Part part = parts.computeIfAbsent(known ? inner.head() : inner.text(), key -> new Part());
    if (known) {
      fill(part, inner, !words[0].equals("chain"));
    }
  }

  private static void fill(Part part, Statement block, boolean set) {
    for (Statement line : NftStatements.of(block.body(), block.line())) {
      if (set && line.head().equals("elements =")) {
        NftStatements.elements(line.body())
            .forEach(element -> part.elements.put(key(element), element));
      } else if (!isOfChain(line.text()) && !set || !part.lines.contains(line.text())) {
        part.lines.add(line.text());
      }
    }
  }

  /** Whether a line says where a chain begins, and no rule. */
  private static boolean isOfChain(String line) {
    return line.matches("(type|policy|comment|flags|devices?) .*");
  }

  private static void part(
      String verb, String key, Map<String, Part> parts, Statement statement, Origin origin) {
    boolean chain = key.startsWith("chain ");
    Part there = parts.get(key);
    boolean refused = verb.equals("create") && there != null
        || (verb.equals("delete") || verb.equals("flush")) && there == null
        || verb.equals("insert");
    if (refused) {
      throw refused(statement, origin);
    }
    switch (verb) {
      case "add", "create" -> fill(parts.computeIfAbsent(key, k -> new Part()), statement, !chain);
      case "delete", "destroy" -> {
        if (there != null && chain && there.lines.stream().anyMatch(line -> !isOfChain(line))) {
          // nft takes a chain with rules away as well; that it is not in use is for the reader to
          // see.
          there.lines.clear();
        }
        parts.remove(key);
      }
      default -> {
        if (there != null) {
          there.elements.clear();
          there.lines.removeIf(line -> chain && !isOfChain(line));
        }
      }
    }
  }

  private static Part holder(
      Map<String, Part> parts, String name, Statement statement, Origin origin) {
    Part set = parts.get("set " + name);
    Part holder = set == null ? parts.get("map " + name) : set;
    if (holder == null) {
      throw refused(statement, origin);
    }
    return holder;
  }

  private static void elements(String verb, Part holder, Statement statement, Origin origin) {
    for (String element : NftStatements.elements(statement.body())) {
      String key = key(element);
      boolean there = holder.elements.containsKey(key);
      boolean known = Set.of("add", "create", "delete", "destroy").contains(verb);
      if (!known || verb.equals("create") && there || verb.equals("delete") && !there) {
        throw refused(statement, origin);
      }
      if (verb.equals("add") || verb.equals("create")) {
        holder.elements.putIfAbsent(key, element);
      } else {
        holder.elements.remove(key);
      }
    }
  }

  private static void rule(
      String verb, String chain, Map<String, Part> parts, Statement statement, Origin origin) {
    Part part = parts.get("chain " + chain);
    int at = statement.text().indexOf(" " + chain + " ");
    boolean plain = verb.equals("add") || verb.equals("insert");
    if (part == null || at < 0 || !plain) {
      throw refused(statement, origin);
    }
    String rule = statement.text().substring(at + chain.length() + 2);
    if (rule.matches("(position|index|handle) .*")) {
      throw refused(statement, origin);
    }
    int first = (int) part.lines.stream().filter(RulesetInForce::isOfChain).count();
    part.lines.add(verb.equals("add") ? part.lines.size() : first, rule);
  }

  /** What tells an element from the others: of a map what stands before the colon. */
  private static String key(String element) {
    int colon = element.indexOf(" : ");
    return colon < 0 ? element : element.substring(0, colon);
  }

  private static UnreadableDump refused(Statement statement, Origin origin) {
    return new UnreadableDump(
        origin,
        "`" + statement.head() + "` is no command that we know `nft` to take in this state");
  }

  /** The chains of all tables, as {@code inet postern judge}. */
  List<String> chains() {
    List<String> chains = new ArrayList<>();
    tables.forEach((table, parts) -> parts.keySet().stream()
        .filter(key -> key.startsWith("chain "))
        .forEach(key -> chains.add(table + " " + key.substring(6))));
    return chains;
  }

  /** As {@code nft list ruleset} prints it. */
  String text() {
    StringBuilder text = new StringBuilder();
    tables.forEach((table, parts) -> {
      text.append("table ").append(table).append(" {\n");
      parts.forEach((key, part) -> {
        boolean known = key.matches("(chain|set|map) \\S+");
        text.append('\t').append(key).append(known ? " {\n" : "\n");
        part.lines.forEach(line -> text.append("\t\t").append(line).append('\n'));
        if (!part.elements.isEmpty()) {
          text.append("\t\telements = { ")
              .append(String.join(", ", part.elements.values()))
              .append(" }\n");
        }
        text.append(known ? "\t}\n" : "");
      });
      text.append("}\n");
    });
    return text.toString();
  }
}
