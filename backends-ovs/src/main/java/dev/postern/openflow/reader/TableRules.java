package dev.postern.openflow.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.ReplyConditions;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Family;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;

/**
 * The flows of a table as rules, for packets of one state. The flow of the highest priority that matches acts; which of two of one priority
 * does is not defined, and unknown where it makes a difference.
 */
final class TableRules {

  private final String file;
  private final Pipeline pipeline;
  private final Optional<Attachments> attached;
  private final Map<Integer, PriorityLevels> levels = new HashMap<>();
  private final Map<FlowEntry, List<FlowStep>> steps = new IdentityHashMap<>();
  private final Map<FlowMatch, Condition> answers = new IdentityHashMap<>();
  private final Map<FlowMatch, Condition> packets = new IdentityHashMap<>();
  private final Optional<Family> family;
  /** The bits that the flows of a table ask for. */
  private final Map<Integer, BigInteger> asks = new HashMap<>();

  private final Map<Seen, MetFlows> met = new HashMap<>();

  /** What the flows of one priority can tell of a lookup: those that are alike in it meet the same flows. */
  private record Seen(TableLookup lookup, int priority) {}

  TableRules(
      String file,
      Pipeline pipeline,
      SortedMap<Integer, List<FlowEntry>> tables,
      Optional<Attachments> attached,
      Optional<Family> family) {
    this.family = family;
    this.file = file;
    this.pipeline = pipeline;
    this.attached = attached;
    tables.forEach((table, flows) -> {
      levels.put(table, PriorityLevels.of(flows));
      asks.put(
          table,
          flows.stream()
              .map(FlowEntry::match)
              .map(match ->
                  match.registers().mask().or(match.connection().marks().mask()))
              .reduce(BigInteger.ZERO, BigInteger::or));
    });
    Map<List<FlowStep>, List<FlowStep>> alike = new HashMap<>();
    tables.values().stream()
        .flatMap(List::stream)
        .forEach(flow -> steps.put(flow, alike.computeIfAbsent(flow.steps(), same -> same)));
  }

  /** A rule of an ordinary flow, or of a conjunction. */
  private record Outcome(Condition condition, RuleAction action, String text, int line) {}

  /** The rules; those at the end that do the same as the last, which takes all that is left, are left out. */
  List<EnforcedRule> of(TableLookup key) {
    List<EnforcedRule> rules = all(key);
    int last = rules.size() - 1;
    while (last > 0
        && rules.get(last).condition().equals(Condition.ALWAYS)
        && rules.get(last - 1).action().equals(rules.get(last).action())) {
      rules.remove(last - 1);
      last--;
    }
    return rules;
  }

  private List<EnforcedRule> all(TableLookup key) {
    List<EnforcedRule> rules = new ArrayList<>();
    boolean asConjunction = key.conjunction().isPresent();
    Map<List<FlowStep>, RuleAction> done = new IdentityHashMap<>();
    for (PriorityLevels.Level level :
        levels.getOrDefault(key.table(), PriorityLevels.NONE).levels()) {
      MetFlows flows = met(level, key);
      List<Outcome> ordered = new ArrayList<>();
      for (MetFlows.Group group : flows.groups()) {
        ordered.add(new Outcome(
            group.condition(),
            action(group.steps(), key, done),
            group.text(),
            group.first().line()));
      }
      for (PriorityLevels.Pair pair : level.overlaps()) {
        if (flows.conditions().containsKey(pair.one())
            && flows.conditions().containsKey(pair.other())) {
          conflict(outcome(pair.one(), flows, key, done), outcome(pair.other(), flows, key, done))
              .ifPresent(rules::add);
        }
      }
      List<Outcome> joint = asConjunction ? List.of() : conjunctions(level, key);
      conflicts(ordered, joint, rules);
      ordered.forEach(outcome -> rules.add(rule(outcome)));
      joint.forEach(outcome -> rules.add(rule(outcome)));
      // What nothing gets past hides all that is below it.
      if (flows.takesAll()) {
        return rules;
      }
    }
    RuleAction miss = asConjunction
        ? RuleAction.RETURN
        : pipeline.run(List.of(), key.table(), key.state(), key.frames());
    rules.add(new EnforcedRule(Condition.ALWAYS, miss, "no flow matches", Origin.NONE));
    return rules;
  }

  private EnforcedRule rule(Outcome outcome) {
    return new EnforcedRule(
        outcome.condition, outcome.action, outcome.text, new Origin(file, outcome.line, 1, ""));
  }

  /** The ordinary flows that packets of this state can match. */
  private MetFlows met(PriorityLevels.Level level, TableLookup key) {
    PacketState told =
        key.state().only(asks.getOrDefault(key.table(), BigInteger.ZERO)).matched();
    TableLookup alike =
        new TableLookup(key.table(), told, key.conjunction(), key.inPort(), Optional.empty());
    return met.computeIfAbsent(new Seen(alike, level.priority()), seen -> {
      List<FlowEntry> some = new ArrayList<>();
      Map<FlowEntry, Condition> conditions = new IdentityHashMap<>();
      MaskedBits known = known(key);
      for (FlowEntry flow : level.index().candidates(known)) {
        boolean beside = flow.match().conjunction().isPresent()
            && flow.match().conjunction().getAsLong() != key.conjunction().orElse(0);
        Condition condition = beside ? Condition.NEVER : condition(flow, key, known);
        if (!condition.equals(Condition.NEVER)) {
          some.add(flow);
          conditions.put(flow, condition);
        }
      }
      return MetFlows.of(some, conditions, steps);
    });
  }

  private Outcome outcome(
      FlowEntry flow, MetFlows flows, TableLookup key, Map<List<FlowStep>, RuleAction> done) {
    List<FlowStep> same = steps.getOrDefault(flow, flow.steps());
    return new Outcome(
        flows.conditions().getOrDefault(flow, Condition.NEVER),
        action(same, key, done),
        flow.text(),
        flow.line());
  }

  /** What becomes of packets that flows do this with: many flows of a table do the same. */
  private RuleAction action(
      List<FlowStep> same, TableLookup key, Map<List<FlowStep>, RuleAction> done) {
    RuleAction action = done.get(same);
    if (action == null) {
      action = pipeline.run(same, key.table(), key.state(), key.frames());
      done.put(same, action);
    }
    return action;
  }

  private static MaskedBits known(TableLookup key) {
    return new MaskedBits(
        key.state().registers().value(), key.state().registers().known());
  }

  /** What a flow wants of the packet itself; never, if it does not match packets of this state. */
  private Condition condition(FlowEntry flow, TableLookup key, MaskedBits known) {
    FlowMatch match = flow.match();
    PacketState state = key.state();
    List<Condition> parts = new ArrayList<>();
    if (match.registers().excludes(known)) {
      return Condition.NEVER;
    }
    parts.addAll(unknownBits(flow, known, state.reply()));
    parts.addAll(match.connection().conditions(state, known));
    match.inPort().ifPresent(port -> parts.add(inPort(port, key.inPort(), state.reply())));
    Condition packet = packets.computeIfAbsent(match, m -> FamilyConditions.of(m.packet(), family));
    if (!packet.equals(Condition.ALWAYS)) {
      parts.add(
          packet.equals(Condition.NEVER)
              ? packet
              : match.rewritable() && state.rewritten().isPresent()
                  ? new Condition.Unknown("after " + state.rewritten().get() + ": " + flow.text())
                  : state.reply()
                      ? answers.computeIfAbsent(match, m -> ReplyConditions.of(packet))
                      : packet);
    }
    if (parts.contains(Condition.NEVER)) {
      return Condition.NEVER;
    }
    parts.removeIf(Condition.ALWAYS::equals);
    return Condition.all(parts.toArray(Condition[]::new));
  }

  /** What a flow wants of bits that no flow has written. */
  private List<Condition> unknownBits(FlowEntry flow, MaskedBits known, boolean reply) {
    MaskedBits wanted = flow.match().registers();
    BigInteger asked = wanted.mask().andNot(known.mask());
    if (asked.signum() == 0) {
      return List.of();
    }
    List<Condition> parts = new ArrayList<>();
    for (Registers.Slot slot : List.of(Registers.ETH_SRC, Registers.ETH_DST, Registers.HOST_MARK)) {
      BigInteger value = wanted.value().and(slot.mask()).shiftRight(slot.low());
      Optional<Condition> told = attached.flatMap(it -> slot == Registers.HOST_MARK
          ? Optional.of(it.isMarked(reply)).filter(marked -> value.signum() != 0)
          : it.bears(value, slot == Registers.ETH_SRC, reply));
      boolean whole =
          slot == Registers.HOST_MARK || wanted.mask().and(slot.mask()).equals(slot.mask());
      if (asked.and(slot.mask()).signum() != 0 && whole && told.isPresent()) {
        parts.add(told.get());
        asked = asked.andNot(slot.mask());
      }
    }
    if (asked.signum() != 0) {
      parts.add(new Condition.Unknown("what a register holds: " + flow.text()));
    }
    return parts;
  }

  /** Which port a pod's packets come by is not in the dump, unless it is known what is attached. */
  private Condition inPort(String wanted, Optional<String> replaced, boolean reply) {
    if (replaced.isEmpty() && attached.isPresent()) {
      return attached.get().comesBy(wanted, reply);
    }
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
  private List<Outcome> conjunctions(PriorityLevels.Level level, TableLookup key) {
    List<Outcome> outcomes = new ArrayList<>();
    if (level.conjunctions().isEmpty()) {
      return outcomes;
    }
    Set<FlowEntry> candidates = Collections.newSetFromMap(new IdentityHashMap<>());
    MaskedBits known = known(key);
    candidates.addAll(level.alternatives().candidates(known));
    Map<FlowEntry, Condition> conditions = new IdentityHashMap<>();
    level.conjunctions().values().stream()
        .filter(conjunction -> conjunction.canBeMet(candidates))
        .forEach(conjunction -> {
          Condition condition = conjunction.condition(flow -> candidates.contains(flow)
              ? conditions.computeIfAbsent(flow, f -> condition(f, key, known))
              : Condition.NEVER);
          if (!condition.equals(Condition.NEVER)) {
            add(outcomes, conjunction, condition, key);
          }
        });
    return outcomes;
  }

  private void add(
      List<Outcome> outcomes, Conjunction conjunction, Condition condition, TableLookup key) {
    PriorityLevels table = levels.getOrDefault(key.table(), PriorityLevels.NONE);
    List<FlowEntry> results = table.results(conjunction.id());
    if (results.isEmpty() && table.isLast(conjunction)) {
      return;
    }
    FlowEntry only = results.isEmpty() ? null : results.get(0);
    if (only != null
        && results.size() == 1
        && table.isFoundBy(only, conjunction)
        && conjunction.implies(only)) {
      outcomes.add(new Outcome(
          condition,
          pipeline.run(only.steps(), key.table(), key.state(), key.frames()),
          only.text(),
          only.line()));
      return;
    }
    // The packet is looked up again, as one that meets the conjunction: also where no flow asks for
    // it, and then without regard to other conjunctions. Where that finds nothing, the next
    // conjunction is tried (classifier_lookup__ of lib/classifier.c).
    RuleAction again = pipeline.lookup(
        key.table(), key.state(), OptionalLong.of(conjunction.id()), key.inPort(), key.frames());
    if (again instanceof RuleAction.Goto found) {
      again = new RuleAction.Jump(found.chain());
    }
    outcomes.add(new Outcome(
        condition, again, "conj_id=" + conjunction.id() + " is met", conjunction.line()));
  }

  private Optional<EnforcedRule> conflict(Outcome one, Outcome other) {
    if (one.action.equals(other.action)) {
      return Optional.empty();
    }
    String text =
        "flows of one priority match and differ, in lines " + one.line + " and " + other.line;
    return Optional.of(new EnforcedRule(
        Condition.all(one.condition, other.condition),
        new RuleAction.Unknown(text),
        text,
        new Origin(file, one.line, 1, "")));
  }

  /** Conjunctions that differ from each other, or from the ordinary flows of their priority. */
  private void conflicts(List<Outcome> ordinary, List<Outcome> joint, List<EnforcedRule> rules) {
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
