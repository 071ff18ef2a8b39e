package dev.postern.netfilter.update;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of iptables of one family, changed table by table as {@code iptables-restore --noflush} does (iptables-restore(8)). */
final class TablesInForce {

  /** Counters before a rule. */
  private static final Pattern COUNTERS = Pattern.compile("^\\[\\d+:\\d+\\] ");

  private static final Pattern INSERT = Pattern.compile("-I (\\S+) (?:(\\d+) )?(.*)");

  private static final class Chain {
    private String policy;
    private final List<String> rules = new ArrayList<>();

    Chain(String policy) {
      this.policy = policy;
    }
  }

  private final Map<String, Map<String, Chain>> tables = new LinkedHashMap<>();
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
    restore(file, dump);
  }

  /**
   * Does what a text says, all of it.
   *
   * @return the line of the end of each transaction
   * @throws UnreadableDump if {@code iptables-restore} would refuse the text, or it is not understood
   */
  List<Integer> restore(String file, String text) {
    List<Integer> ends = new ArrayList<>();
    Map<String, Chain> table = new LinkedHashMap<>();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = COUNTERS.matcher(raw).replaceFirst("");
      Origin origin = new Origin(file, number, 1, "");
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("*")) {
        table = tables.computeIfAbsent(line.substring(1).trim(), name -> new LinkedHashMap<>());
      } else if (line.trim().equals("COMMIT")) {
        ends.add(number);
      } else if (line.startsWith(":")) {
        String[] words = line.substring(1).split(" ", 2);
        String policy = words.length > 1 ? words[1] : "-";
        // A chain of ours that is named is flushed; one that is built in keeps its rules.
        Chain known = policy.startsWith("-") ? null : table.get(words[0]);
        if (known == null) {
          table.put(words[0], new Chain(policy));
        } else {
          known.policy = policy;
        }
      } else {
        change(table, line, origin);
      }
    }
    return ends;
  }

  private static void change(Map<String, Chain> table, String line, Origin origin) {
    String[] words = line.split(" ", 3);
    String rule = words.length > 2 ? words[2] : "";
    String name = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "-A" -> builtIn(table, name, line, origin).rules.add(rule);
      case "-I" -> {
        Matcher insert = INSERT.matcher(line);
        if (!insert.matches()) {
          throw refused(line, origin);
        }
        List<String> rules = builtIn(table, name, line, origin).rules;
        int at = insert.group(2) == null ? 0 : Integer.parseInt(insert.group(2)) - 1;
        if (at > rules.size()) {
          throw refused(line, origin);
        }
        rules.add(at, insert.group(3));
      }
      case "-D" -> {
        if (!own(table, name, line, origin).rules.remove(rule)) {
          throw refused(line, origin);
        }
      }
      case "-F" -> own(table, name, line, origin).rules.clear();
      case "-X" -> {
        if (!own(table, name, line, origin).rules.isEmpty()) {
          throw refused(line, origin);
        }
        table.remove(name);
      }
      case "-N" -> table.putIfAbsent(name, new Chain("- [0:0]"));
      case "-P" -> own(table, name, line, origin).policy = rule + " [0:0]";
      default -> throw refused(line, origin);
    }
  }

  /** A chain; those that every table has need not be in a dump. */
  private static Chain builtIn(Map<String, Chain> table, String name, String line, Origin origin) {
    return List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING").contains(name)
        ? table.computeIfAbsent(name, n -> new Chain("ACCEPT [0:0]"))
        : own(table, name, line, origin);
  }

  private static Chain own(Map<String, Chain> table, String name, String line, Origin origin) {
    Chain own = table.get(name);
    if (own == null) {
      throw refused(line, origin);
    }
    return own;
  }

  private static UnreadableDump refused(String line, Origin origin) {
    return new UnreadableDump(
        origin,
        "`" + line + "` is no line that `iptables-restore --noflush` would take in this state");
  }

  /** As {@code iptables-save} prints it. */
  String text() {
    StringBuilder text = new StringBuilder();
    first.forEach(line -> text.append(line).append('\n'));
    tables.forEach((name, chains) -> {
      text.append('*').append(name).append('\n');
      chains.forEach((chain, own) ->
          text.append(':').append(chain).append(' ').append(own.policy).append('\n'));
      chains.forEach((chain, own) -> own.rules.forEach(
          rule -> text.append("-A ").append(chain).append(' ').append(rule).append('\n')));
      text.append("COMMIT\n");
    });
    last.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
