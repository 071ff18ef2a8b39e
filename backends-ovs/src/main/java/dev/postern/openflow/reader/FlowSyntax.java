package dev.postern.openflow.reader;

import dev.postern.deadline.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The flows of a text: what {@code ovs-ofctl dump-flows} prints, or a bundle for {@code add-flows}. A dump has no mark at its end, so that
 * flows that are missing there cannot be seen unless {@code ovs-ofctl dump-aggregate}, in the same file, says how many there are.
 */
final class FlowSyntax {

  /** The priority of a flow that names none. */
  static final int PRIORITY = 32768;

  private static final Pattern REPLY =
      Pattern.compile("(NXST|OFPST)_(FLOW|AGGREGATE|TABLE|TABLE_FEATURES) reply.*");
  private static final Pattern COUNT = Pattern.compile("(?:.*\\s)?flow_count=(\\d{1,9})");
  private static final Pattern NAMED = Pattern.compile("table (\\d{1,3}) \\(\"?([^\")]*)\"?\\):.*");
  private static final Pattern TABLE_LINE =
      Pattern.compile("(active=|lookup=|matched=|max_entries=|tables? \\d+).*");
  private static final Set<String> ABOUT = Set.of(
      "cookie",
      "duration",
      "n_packets",
      "n_bytes",
      "idle_age",
      "hard_age",
      "importance",
      "send_flow_rem",
      "check_overlap",
      "reset_counts",
      "no_packet_counts",
      "no_byte_counts",
      "out_port",
      "out_group");

  private final String file;
  private final TableNames tables = new TableNames();
  private final Map<Key, FlowEntry> flows = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private boolean dumped;
  private boolean bundle;
  private boolean reply;
  /** Whether the last reply said that another one follows. */
  private boolean cut;

  private boolean expires;
  private Optional<Integer> promised = Optional.empty();

  /** What a switch keeps one flow for. */
  private record Key(int table, int priority, Set<String> match) {}

  private FlowSyntax(String file) {
    this.file = file;
  }

  static FlowSyntax parse(String text, String file) {
    FlowSyntax flows = new FlowSyntax(file);
    flows.all(text);
    return flows;
  }

  private void all(String text) {
    int number = 0;
    List<String> lines = text.lines().toList();
    for (String line : lines) {
      Matcher named = NAMED.matcher(line.trim());
      if (named.matches() && Integer.parseInt(named.group(1)) <= 254) {
        tables.put(named.group(2), Integer.parseInt(named.group(1)));
      }
    }
    for (String line : lines) {
      number++;
      Deadline.current().check();
      try {
        line(line.trim(), number);
      } catch (FlowProblem problem) {
        problems.add(String.valueOf(problem.getMessage()));
      }
    }
    if (!text.isEmpty() && !text.endsWith("\n")) {
      problems.add(file + ":" + number
          + ":1: error: the last line does not end (hint: the dump is cut; take it again)");
    }
    if (flows.isEmpty() && !reply) {
      problems.add(
          file + ": error: there are no flows in it (hint: `ovs-ofctl dump-flows <bridge>`)");
    }
    if (cut) {
      problems.add(file
          + ": error: the last reply says that more follow (hint: the dump is cut; take it again)");
    }
    if (dumped && bundle) {
      problems.add(file + ": error: a dump and a bundle in one (hint: give the dump alone)");
    }
    promised
        .filter(count -> count != flows.size())
        .ifPresent(count -> problems.add(file
            + ": error: the switch has " + count + " flows, the dump " + flows.size()
            + " (hint: take both again, at one time)"));
    tables
        .unnumbered()
        .ifPresent(name -> problems.add(file + ": error: which number table " + name
            + " has is not said, and so not which is table 0 (hint: `ovs-ofctl --no-names dump-flows <bridge>`,"
            + " or put what `ovs-ofctl dump-tables <bridge>` prints before it)"));
  }

  private void line(String line, int number) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    Matcher count = COUNT.matcher(line);
    if (REPLY.matcher(line).matches() || count.matches()) {
      if (line.contains("_FLOW ")) {
        reply = true;
        cut = line.contains("flags=[more]");
      }
      if (count.matches()) {
        promised = Optional.of(Integer.parseInt(count.group(1)));
      }
      return;
    }
    int at = line.indexOf("actions=");
    if (line.startsWith("delete")) {
      if (!flows.isEmpty()) {
        throw new FlowProblem(
            file,
            number,
            "flows are deleted after others were added: what is left is not followed");
      }
      bundle = true;
      return;
    }
    if (at < 0 || NAMED.matcher(line).matches()) {
      if (NAMED.matcher(line).matches() || TABLE_LINE.matcher(line).matches()) {
        return;
      }
      throw new FlowProblem(file, number, "this is no flow: " + line);
    }
    boolean added = line.startsWith("add ");
    bundle |= added;
    dumped |= !added;
    flow(line.substring(added ? 4 : 0, at), line.substring(at + 8).trim(), number);
  }

  private void flow(String head, String actions, int number) {
    int table = 0;
    int priority = PRIORITY;
    List<String> match = new ArrayList<>();
    for (String part : head.trim().split("[, ]+")) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = part.substring(equals + 1);
      if (name.equals("table")) {
        table = tables.number(value);
      } else if (name.equals("priority")) {
        priority = MaskedBits.parse(value, 16)
            .orElseThrow(() -> new FlowProblem(file, number, part + " is no priority"))
            .value()
            .intValue();
      } else if (name.equals("idle_timeout") || name.equals("hard_timeout")) {
        expires |= !value.equals("0");
      } else if (!ABOUT.contains(name) && !part.isEmpty()) {
        match.add(part);
      }
    }
    List<FlowStep> steps = new StepReader(file, number, tables, table).read(actions);
    List<FlowStep.Conjunction> clauses = steps.stream()
        .filter(FlowStep.Conjunction.class::isInstance)
        .map(FlowStep.Conjunction.class::cast)
        .toList();
    if (!clauses.isEmpty()
        && !steps.stream()
            .allMatch(s -> s instanceof FlowStep.Conjunction || s instanceof FlowStep.Nothing)) {
      throw new FlowProblem(file, number, "a conjunction beside other actions: " + actions);
    }
    String text = "priority " + priority + " " + String.join(",", match) + " actions=" + actions;
    FlowMatch read = FlowMatch.of(match, file, number);
    FlowEntry before = flows.put(
        new Key(table, priority, Set.copyOf(match)),
        new FlowEntry(table, priority, read, steps, clauses, text, number));
    if (before != null && !bundle) {
      throw new FlowProblem(
          file,
          number,
          "the flow of line " + before.line()
              + " is there again: these are two dumps (hint: give what one `ovs-ofctl dump-flows` prints)");
    }
  }

  TableNames tables() {
    return tables;
  }

  List<FlowEntry> flows() {
    return List.copyOf(flows.values());
  }

  /** Whether a flow goes by itself, with time. */
  boolean expires() {
    return expires;
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Whether it is a bundle that adds flows to those of a bridge, and not what a bridge has. */
  boolean isBundle() {
    return bundle && !dumped;
  }
}
