package dev.postern.openflow.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.RuleAction;
import dev.postern.openflow.reader.Pipeline.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * The flows of a table as rules, for packets of one state. The flow of the highest priority that matches acts; which of two of one priority
 * does is not defined, and unknown where it makes a difference.
 */
final class TableRules {

  private final String file;
  private final Pipeline pipeline;
  private final Map<Integer, PriorityLevels> levels = new HashMap<>();
  private final Map<FlowMatch, Condition> answers = new IdentityHashMap<>();

  TableRules(String file, Pipeline pipeline, SortedMap<Integer, List<FlowEntry>> tables) {
    this.file = file;
    this.pipeline = pipeline;
    tables.forEach((table, flows) -> levels.put(table, PriorityLevels.of(flows)));
  }

  /** A rule of an ordinary flow, or of a conjunction. */
  private record Outcome(Condition condition, RuleAction action, String text, int line) {}

  List<Rule> of(Key key) {
    List<Rule> rules = new ArrayList<>();
    boolean asConjunction = key.conjunction().isPresent();
    for (PriorityLevels.Level level :
        levels.getOrDefault(key.table(), PriorityLevels.NONE).levels()) {
      Map<FlowEntry, Outcome> outcomes = new IdentityHashMap<>();
      List<Outcome> ordered = new ArrayList<>();
      for (FlowEntry flow : level.ordinary()) {
        outcome(flow, key).ifPresent(outcome -> {
          outcomes.put(flow, outcome);
          ordered.add(outcome);
        });
      }
      for (PriorityLevels.Pair pair : level.overlaps()) {
        Outcome one = outcomes.get(pair.one());
        Outcome other = outcomes.get(pair.other());
        if (one != null && other != null) {
          conflict(one, other).ifPresent(rules::add);
        }
      }
      List<Outcome> joint = asConjunction ? List.of() : conjunctions(level, key);
      conflicts(ordered, joint, rules);
      ordered.forEach(outcome -> rules.add(rule(outcome)));
      joint.forEach(outcome -> rules.add(rule(outcome)));
    }
    RuleAction miss = pipeline.run(List.of(), key.table(), key.state(), key.frames());
    rules.add(new Rule(Condition.ALWAYS, miss, "no flow matches", Origin.NONE));
    return rules;
  }

  private Rule rule(Outcome outcome) {
    return new Rule(
        outcome.condition, outcome.action, outcome.text, new Origin(file, outcome.line, 1, ""));
  }

  private Optional<Outcome> outcome(FlowEntry flow, Key key) {
    if (flow.match().conjunction().isPresent()
        && flow.match().conjunction().getAsLong() != key.conjunction().orElse(0)) {
      return Optional.empty();
    }
    Condition condition = condition(flow, key);
    if (condition.equals(Condition.NEVER)) {
      return Optional.empty();
    }
    RuleAction action = pipeline.run(flow.steps(), key.table(), key.state(), key.frames());
    return Optional.of(new Outcome(condition, action, flow.text(), flow.line()));
  }

  /** What a flow wants of the packet itself; never, if it does not match packets of this state. */
  private Condition condition(FlowEntry flow, Key key) {
    FlowMatch match = flow.match();
    PacketState state = key.state();
    List<Condition> parts = new ArrayList<>();
    MaskedBits known =
        new MaskedBits(state.registers().value(), state.registers().known());
    if (match.registers().excludes(known)) {
      return Condition.NEVER;
    }
    if (match.registers().mask().andNot(known.mask()).signum() != 0) {
      parts.add(new Condition.Unknown("what a register holds: " + flow.text()));
    }
    parts.addAll(match.connection().conditions(state));
    match.inPort().ifPresent(port -> parts.add(inPort(port, key.inPort())));
    if (!match.packet().equals(Condition.ALWAYS)) {
      parts.add(
          match.rewritable() && state.rewritten().isPresent()
              ? new Condition.Unknown("after " + state.rewritten().get() + ": " + flow.text())
              : state.reply()
                  ? answers.computeIfAbsent(match, m -> ReplyConditions.of(m.packet()))
                  : match.packet());
    }
    if (parts.contains(Condition.NEVER)) {
      return Condition.NEVER;
    }
    parts.removeIf(Condition.ALWAYS::equals);
    return Condition.all(parts.toArray(Condition[]::new));
  }

  /** Which port a pod's packets come by is not in the dump. */
  private static Condition inPort(String wanted, Optional<String> replaced) {
    boolean told = replaced.isPresent()
        && MaskedBits.number(wanted).isPresent()
        && MaskedBits.number(replaced.get()).isPresent();
    return told
        ? MaskedBits.number(wanted).equals(MaskedBits.number(replaced.get()))
            ? Condition.ALWAYS
            : Condition.NEVER
        : new Condition.Unknown("in_port=" + wanted);
  }

  /** The conjunctions of a priority that packets of this state can meet: each clause by one of its alternatives. */
  private List<Outcome> conjunctions(PriorityLevels.Level level, Key key) {
    List<Outcome> outcomes = new ArrayList<>();
    Map<FlowEntry, Condition> met = new IdentityHashMap<>();
    level.conjunctions().forEach((id, conjunction) -> {
      Condition condition =
          conjunction.condition(flow -> met.computeIfAbsent(flow, f -> condition(f, key)));
      if (!condition.equals(Condition.NEVER)) {
        add(outcomes, conjunction, condition, key);
      }
    });
    return outcomes;
  }

  private void add(List<Outcome> outcomes, Conjunction conjunction, Condition condition, Key key) {
    PriorityLevels table = levels.getOrDefault(key.table(), PriorityLevels.NONE);
    List<FlowEntry> results = table.results(conjunction.id());
    if (results.isEmpty()) {
      if (table.isLast(conjunction)) {
        return;
      }
      outcomes.add(new Outcome(
          condition,
          new RuleAction.Unknown("no flow has conj_id=" + conjunction.id()),
          "a conjunction without its flow: conj_id=" + conjunction.id(),
          conjunction.line()));
      return;
    }
    FlowEntry only = results.get(0);
    if (results.size() == 1
        && only.priority() == conjunction.priority()
        && conjunction.implies(only)) {
      outcomes.add(new Outcome(
          condition,
          pipeline.run(only.steps(), key.table(), key.state(), key.frames()),
          only.text(),
          only.line()));
      return;
    }
    // The packet is looked up again, as one that meets the conjunction.
    RuleAction again = pipeline.lookup(
        key.table(), key.state(), OptionalLong.of(conjunction.id()), key.inPort(), key.frames());
    outcomes.add(new Outcome(
        condition, again, "conj_id=" + conjunction.id() + " is met", conjunction.line()));
  }

  private Optional<Rule> conflict(Outcome one, Outcome other) {
    if (one.action.equals(other.action)) {
      return Optional.empty();
    }
    String text =
        "flows of one priority match and differ, in lines " + one.line + " and " + other.line;
    return Optional.of(new Rule(
        Condition.all(one.condition, other.condition),
        new RuleAction.Unknown(text),
        text,
        new Origin(file, one.line, 1, "")));
  }

  /** Conjunctions that differ from each other, or from the ordinary flows of their priority. */
  private void conflicts(List<Outcome> ordinary, List<Outcome> joint, List<Rule> rules) {
    for (int i = 0; i < joint.size(); i++) {
      Outcome one = joint.get(i);
      for (int j = i + 1; j < joint.size(); j++) {
        conflict(one, joint.get(j)).ifPresent(rules::add);
      }
      for (Outcome other : ordinary) {
        conflict(other, one).ifPresent(rules::add);
      }
    }
  }
}
