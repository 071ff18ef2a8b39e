package dev.postern.openflow.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Action;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.EnforcedRules.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads flows: each table is a chain, the first flow of the highest priority that matches acts, and a packet that none matches is dropped.
 * The one register that flows set is the mark. A table without any flow is where this pipeline ends.
 */
public final class FlowReader {

  private static final Pattern CLAUSE = Pattern.compile("conjunction\\((\\d+),(\\d+)/(\\d+)\\)");
  private static final Pattern CONJ_ID = Pattern.compile("(?:^|,)conj_id=(\\d+)(?=,|$)");
  private static final Pattern SET_FIELD = Pattern.compile(
      "(?:set_field:(0x[0-9a-f]+|\\d+)->reg\\d+|load:(0x[0-9a-f]+|\\d+)->NXM_NX_REG\\d+\\[\\])");
  private static final Pattern NEXT = Pattern.compile(
      "(?:resubmit\\(,(\\d+)\\)|goto_table:(\\d+)|ct\\((?:commit,)?table=(\\d+)\\))");

  private final String file;
  private final SortedMap<Integer, List<Flow>> tables = new TreeMap<>();
  private final Map<String, Map<Integer, List<Condition>>> clauses = new HashMap<>();

  /** A flow as it is printed. */
  private record Flow(int table, int priority, String match, String actions, int line) {}

  private FlowReader(String file) {
    this.file = file;
  }

  /**
   * Reads flows.
   *
   * @param text what {@code ovs-ofctl dump-flows} prints, or a file for {@code add-flows}
   * @param file its name, for messages
   * @param first the table in which packets come in
   * @throws IllegalArgumentException if a line is no flow, with its number
   */
  public static EnforcedRules read(String text, String file, int first) {
    FlowReader reader = new FlowReader(file);
    int number = 0;
    for (String line : text.split("\n")) {
      reader.line(line.trim(), ++number);
    }
    return reader.rules(first);
  }

  private void line(String line, int number) {
    if (line.isEmpty()
        || line.startsWith("#")
        || line.startsWith("delete")
        || line.startsWith("NXST_")
        || line.startsWith("OFPST_")) {
      return;
    }
    int at = line.indexOf("actions=");
    if (at < 0) {
      throw new IllegalArgumentException(file + ":" + number + ": this is no flow: " + line);
    }
    int table = 0;
    int priority = 32768;
    List<String> match = new ArrayList<>();
    String head = line.startsWith("add ") ? line.substring(4, at) : line.substring(0, at);
    for (String part : head.trim().split("[, ]+")) {
      if (part.startsWith("table=")) {
        table = Integer.parseInt(part.substring(6));
      } else if (part.startsWith("priority=")) {
        priority = Integer.parseInt(part.substring(9));
      } else if (!part.matches(
          "(cookie|duration|n_packets|n_bytes|idle_age|hard_age|send_flow_rem|reset_counts)(=.*)?")) {
        match.add(part);
      }
    }
    String actions = line.substring(at + 8).trim();
    tables
        .computeIfAbsent(table, t -> new ArrayList<>())
        .add(new Flow(table, priority, String.join(",", match), actions, number));
  }

  private EnforcedRules rules(int first) {
    for (List<Flow> flows : tables.values()) {
      for (Flow flow : flows) {
        Matcher clause = CLAUSE.matcher(flow.actions);
        while (clause.find()) {
          clauses
              .computeIfAbsent(key(flow, clause.group(1)), k -> new TreeMap<>())
              .computeIfAbsent(Integer.parseInt(clause.group(2)), k -> new ArrayList<>())
              .add(FlowMatch.of(flow.match));
        }
      }
    }
    Map<String, Chain> chains = new LinkedHashMap<>();
    tables.forEach((table, flows) -> chains.put(name(table), chain(table, flows)));
    if (!chains.containsKey(name(first))) {
      throw new IllegalArgumentException(file + ": there are no flows in table " + first);
    }
    return new EnforcedRules(
        List.of(new Stage("table " + first, Condition.ALWAYS, name(first), Ending.DROP)), chains);
  }

  private static String key(Flow flow, String id) {
    return flow.table + " " + flow.priority + " " + id;
  }

  private static String name(int table) {
    return "table " + table;
  }

  private Chain chain(int table, List<Flow> flows) {
    List<Flow> sorted = new ArrayList<>(flows);
    sorted.sort(Collections.reverseOrder((a, b) -> Integer.compare(a.priority, b.priority)));
    List<Rule> rules = new ArrayList<>();
    for (Flow flow : sorted) {
      if (flow.actions.startsWith("conjunction(")) {
        continue;
      }
      Matcher id = CONJ_ID.matcher(flow.match);
      Condition condition = FlowMatch.of(CONJ_ID.matcher(flow.match).replaceAll(""));
      if (id.find()) {
        condition = Condition.all(condition, conjunction(key(flow, id.group(1))));
      }
      String text = flow.match + " actions=" + flow.actions;
      Origin origin = new Origin(file, flow.line, 1, "");
      Matcher set = SET_FIELD.matcher(flow.actions);
      if (set.find()) {
        String value = set.group(1) != null ? set.group(1) : set.group(2);
        rules.add(new Rule(condition, new Action.SetMark(Integer.decode(value), -1), text, origin));
      }
      rules.add(new Rule(condition, action(flow.actions), text, origin));
    }
    rules.add(new Rule(Condition.ALWAYS, Action.DROP, "no flow matches", Origin.NONE));
    return new Chain(name(table), rules);
  }

  private Condition conjunction(String key) {
    List<Condition> all = new ArrayList<>();
    Map<Integer, List<Condition>> dimensions = clauses.getOrDefault(key, Map.of());
    if (dimensions.isEmpty()) {
      return Condition.NEVER;
    }
    dimensions.values().forEach(alternatives -> all.add(new Condition.Any(alternatives)));
    return new Condition.All(all);
  }

  private Action action(String actions) {
    Matcher next = NEXT.matcher(actions);
    if (next.find()) {
      String table = next.group(1) != null
          ? next.group(1)
          : next.group(2) != null ? next.group(2) : next.group(3);
      int number = Integer.parseInt(table);
      return tables.containsKey(number) ? new Action.Goto(name(number)) : Action.ACCEPT;
    }
    if (actions.equals("drop") || actions.isEmpty()) {
      return Action.DROP;
    }
    return actions.equals("NORMAL") || actions.startsWith("output:")
        ? Action.ACCEPT
        : new Action.Unknown(actions);
  }
}
