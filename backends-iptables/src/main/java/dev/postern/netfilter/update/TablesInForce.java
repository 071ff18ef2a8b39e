package dev.postern.netfilter.update;

import dev.postern.backend.Reader.Dump;
import dev.postern.diagnostic.Origin;
import dev.postern.iptables.reader.SaveComments;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of iptables of one family, changed table by table as {@code iptables-restore --noflush} does (iptables-restore(8)). */
final class TablesInForce {

  /** Counters before a rule. */
  private static final Pattern COUNTERS = Pattern.compile("^\\[\\d+:\\d+\\] ");

  private static final Pattern INSERT = Pattern.compile("-I (\\S+) (?:([0-9]{1,6}) )?(-.*|!.*)");

  private static final Pattern TARGET = Pattern.compile(" (?:-j|-g|--jump|--goto) (\\S+)");

  /** A list of addresses makes as many rules. */
  private static final Pattern LIST =
      Pattern.compile("(^| )(-s|-d|--source|--destination|--src|--dst) \\S*,.*");

  /** The chains that are there from the start. */
  private static final Map<String, Set<String>> BUILT_IN = Map.of(
      "filter", Set.of("INPUT", "FORWARD", "OUTPUT"),
      "security", Set.of("INPUT", "FORWARD", "OUTPUT"),
      "nat", Set.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
      "mangle", Set.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
      "raw", Set.of("PREROUTING", "OUTPUT"));

  private static final class Chain {
    private String policy;
    private final List<String> rules = new ArrayList<>();

    Chain(String policy) {
      this.policy = policy;
    }
  }

  private static final class Table {
    private final String name;
    private final Set<String> builtIn;
    private final Map<String, Chain> chains = new LinkedHashMap<>();
    /** Where chains led to at any time of a transaction. */
    private final Map<String, Set<String>> leadsTo = new HashMap<>();

    Table(String name) {
      this.name = name;
      this.builtIn = BUILT_IN.getOrDefault(name, Set.of());
    }

    /** A chain; those that every table has need not be in a dump. */
    Optional<Chain> chain(String name) {
      return Optional.ofNullable(
          builtIn.contains(name)
              ? chains.computeIfAbsent(name, each -> new Chain("ACCEPT [0:0]"))
              : chains.get(name));
    }

    boolean canHave(String name) {
      return builtIn.contains(name) || chains.containsKey(name) || AddedLines.isName(name);
    }

    boolean isUsed(String name) {
      return chains.values().stream()
          .flatMap(chain -> chain.rules.stream())
          .anyMatch(rule -> name.equals(target(rule)));
    }

    private static String target(String rule) {
      Matcher matcher = TARGET.matcher(" " + rule);
      return matcher.find() ? matcher.group(1) : "";
    }

    /** What {@code :CHAIN POLICY} says: one that is built in keeps its rules, another one is made or emptied. */
    boolean declare(String name, String policy) {
      boolean none = policy.startsWith("-");
      if (!builtIn.contains(name)) {
        chains.put(name, new Chain("- [0:0]"));
        return none;
      }
      boolean known = policy.matches("(ACCEPT|DROP)( .*)?");
      if (known) {
        chain(name).ifPresent(chain -> chain.policy = policy);
      }
      return known || none;
    }

    boolean change(String line) {
      String[] words = line.split(" ", 3);
      String rule = words.length > 2 ? words[2] : "";
      String name = words.length > 1 ? words[1] : "";
      return switch (words[0]) {
        case "-A" ->
          !LIST.matcher(rule).find()
              && chain(name).map(chain -> chain.rules.add(rule)).orElse(false);
        case "-I" -> insert(line);
        case "-D" -> chain(name).map(chain -> chain.rules.remove(rule)).orElse(false);
        case "-F" -> {
          Optional<Chain> chain = words.length == 2 ? chain(name) : Optional.empty();
          chain.ifPresent(each -> each.rules.clear());
          yield chain.isPresent();
        }
        case "-X" -> {
          Chain chain = builtIn.contains(name) ? null : chains.get(name);
          boolean idle =
              words.length == 2 && chain != null && chain.rules.isEmpty() && !isUsed(name);
          if (idle) {
            chains.remove(name);
          }
          yield idle;
        }
        case "-N" ->
          words.length == 2
              && !builtIn.contains(name)
              && chains.putIfAbsent(name, new Chain("- [0:0]")) == null;
        case "-P" ->
          builtIn.contains(name) && rule.matches("ACCEPT|DROP") && declare(name, rule + " [0:0]");
        default -> false;
      };
    }

    /** Whether a line names chains as it may, and its rule is taken. */
    boolean takes(String line, AddedLines added) {
      return refusedAt(line, added).isEmpty();
    }

    /** Where a line has what may not be there, from 0. */
    OptionalInt refusedAt(String line, AddedLines added) {
      Matcher insert = INSERT.matcher(line);
      String[] words = line.split(" ", 3);
      if (words[0].equals("-N")) {
        return AddedLines.isName(words[1])
            ? OptionalInt.empty()
            : OptionalInt.of(RefusedWord.offset(1, line));
      }
      String rule = insert.matches()
          ? insert.group(3)
          : Set.of("-A", "-D").contains(words[0]) && words.length > 2 ? words[2] : "";
      Set<String> others = new HashSet<>(chains.keySet());
      others.removeAll(builtIn);
      leadsTo.computeIfAbsent(words[1], key -> new HashSet<>()).add(target(rule));
      OptionalInt at = added.refusedAt(name, words[1], others, rule);
      return at.isEmpty() ? at : OptionalInt.of(line.length() - rule.length() + at.getAsInt());
    }

    /** Where its chains lead to, and led to since this was last asked for. */
    Map<String, Set<String>> leadsTo() {
      Map<String, Set<String>> all = new HashMap<>();
      leadsTo.forEach((chain, targets) -> all.put(chain, new HashSet<>(targets)));
      chains.forEach((chain, own) -> own.rules.forEach(
          rule -> all.computeIfAbsent(chain, key -> new HashSet<>()).add(target(rule))));
      leadsTo.clear();
      chains.forEach((chain, own) -> own.rules.forEach(
          rule -> leadsTo.computeIfAbsent(chain, key -> new HashSet<>()).add(target(rule))));
      return all;
    }

    private boolean insert(String line) {
      Matcher insert = INSERT.matcher(line);
      Optional<Chain> chain = insert.matches() ? chain(insert.group(1)) : Optional.empty();
      if (chain.isEmpty() || LIST.matcher(insert.group(3)).find()) {
        return false;
      }
      List<String> rules = chain.get().rules;
      int at = insert.group(2) == null ? 1 : Integer.parseInt(insert.group(2));
      boolean fits = at >= 1 && at <= rules.size() + 1;
      if (fits) {
        rules.add(at - 1, insert.group(3));
      }
      return fits;
    }
  }

  private final Map<String, Table> tables = new LinkedHashMap<>();
  /** What the dump says in comments, which the reader looks at. */
  private final List<String> first = new ArrayList<>();

  private final List<String> last = new ArrayList<>();

  /** @param dump what {@code iptables-save} prints */
  TablesInForce(String file, String dump) {
    List<String> lines = dump.lines().toList();
    for (String line : lines) {
      if (line.startsWith("#")) {
        (line.startsWith("# Completed") ? last : first).add(line);
      }
    }
    restore(file, dump, Optional.empty(), (table, line) -> {});
    tables.values().forEach(Table::leadsTo);
  }

  /**
   * Does what a text says, all of it.
   *
   * @param added looks at what is added; empty if the tool itself printed the text
   * @param committed is told of each table that is in force now, and of the line that ends it
   * @throws UnreadableDump if {@code iptables-restore} would refuse the text, or it is not understood
   */
  void restore(
      String file, String text, Optional<AddedLines> added, BiConsumer<String, Integer> committed) {
    Optional<Table> table = Optional.empty();
    String called = "";
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = COUNTERS.matcher(raw).replaceFirst("");
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      boolean taken;
      Optional<Table> current = table;
      if (added.isPresent() && !AddedLines.isLine(raw)) {
        taken = false;
      } else if (line.startsWith("*")) {
        called = line.substring(1).trim();
        taken = table.isEmpty() && BUILT_IN.containsKey(called);
        table = Optional.of(tables.computeIfAbsent(called, Table::new));
      } else if (line.equals("COMMIT")) {
        taken = table.isPresent();
        if (taken && added.isPresent()) {
          requireDepth(file, number, table.get());
        }
        table = Optional.empty();
        if (taken) {
          committed.accept(called, number);
        }
      } else if (line.startsWith(":")) {
        String[] words = line.substring(1).split(" ", 2);
        String policy = words.length > 1 ? words[1] : "";
        taken = table
            .map(each ->
                (added.isEmpty() || each.canHave(words[0])) && each.declare(words[0], policy))
            .orElse(false);
      } else {
        taken = table
            .map(each -> each.change(line) && (added.isEmpty() || each.takes(line, added.get())))
            .orElse(false);
      }
      if (!taken) {
        int column = added
            .map(it -> raw.length() - line.length() + column(raw, line, current, it))
            .orElse(1);
        throw new UnreadableDump(
            new Origin(file, number, column, ""),
            "`" + line
                + "` is no line that we know `iptables-restore --noflush` to take in this state (hint: lines as `iptables-save` prints them are)");
      }
    }
    if (table.isPresent()) {
      throw new UnreadableDump(
          new Origin(file, Math.max(1, number), 1, ""),
          "a table has no COMMIT at its end: `iptables-restore` would change nothing of it");
    }
  }

  /** The column of the word that is refused. */
  private static int column(String raw, String line, Optional<Table> table, AddedLines added) {
    if (!AddedLines.isLine(raw)) {
      return 1 + Math.max(0, AddedLines.formEndsAt(raw) - (raw.length() - line.length()));
    }
    if (!line.startsWith("-") || table.isEmpty()) {
      return 1;
    }
    boolean noChain = table.get().chain(line.split(" ")[1]).isEmpty();
    int chain = RefusedWord.offset(1, line);
    int otherwise =
        line.startsWith("-D") || line.startsWith("-I") ? RefusedWord.offset(2, line) : chain;
    return 1 + (noChain ? chain : table.get().refusedAt(line, added).orElse(otherwise));
  }

  private void requireDepth(String file, int line, Table table) {
    int most = legacy() ? ChainDepth.OF_LEGACY : ChainDepth.OF_NFTABLES;
    if (!ChainDepth.fits(table.leadsTo(), most)) {
      throw new UnreadableDump(
          new Origin(file, line, 1, ""),
          "rules of the table " + table.name + " lead back, or through more than " + most
              + " chains, which the kernel does not take");
    }
  }

  private boolean legacy() {
    return SaveComments.of(new Dump("", String.join("\n", first))).isOfLegacy();
  }

  /** The names that rules say, those of sets among them. */
  Set<String> words() {
    Set<String> words = new HashSet<>();
    tables.values().stream()
        .flatMap(table -> table.chains.values().stream())
        .flatMap(chain -> chain.rules.stream())
        .forEach(rule -> words.addAll(List.of(rule.split(" "))));
    return words;
  }

  /** As {@code iptables-save} prints it. */
  String text() {
    StringBuilder text = new StringBuilder();
    first.forEach(line -> text.append(line).append('\n'));
    tables.forEach((name, table) -> {
      text.append('*').append(name).append('\n');
      table.chains.forEach((chain, own) ->
          text.append(':').append(chain).append(' ').append(own.policy).append('\n'));
      table.chains.forEach((chain, own) -> own.rules.forEach(
          rule -> text.append("-A ").append(chain).append(' ').append(rule).append('\n')));
      text.append("COMMIT\n");
    });
    last.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
