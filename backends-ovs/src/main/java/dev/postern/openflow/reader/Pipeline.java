package dev.postern.openflow.reader;

import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Family;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;

/**
 * Follows all packets through the tables at once. What a packet carries besides its own fields (registers, actions yet to be done, whether its
 * connection is tracked and remembered) is known wherever it is the same for all packets at a place; so each table becomes a chain for each
 * of these states, and a rule leads from chain to chain.
 *
 * <p>A packet passes if it is sent on at all: where {@code output} to a port leads is not in a dump. A new connection passes if its packet
 * does and its answers do: they are known if the connection was committed in each zone that is asked, and else meet the tables as packets of
 * no connection. A datagram that arrives and whose answers do not is neither passed nor dropped: its fate is unknown.
 */
final class Pipeline {

  /** How deep Open vSwitch goes into lookups that do not lead on to a later table; in there it refuses any lookup (MAX_DEPTH of ofproto-dpif-xlate.c). */
  private static final int DEEPEST = 64;

  /** How many lookups it does for a packet (MAX_RESUBMITS). */
  private static final int MOST_LOOKUPS = DEEPEST * DEEPEST;

  /** How often a packet begins anew within copies of itself: the switch's own datapath drops it then (MAX_RECIRC_DEPTH of dpif-netdev.c), the kernel's may not. */
  private static final int MOST_RECIRCULATIONS = 8;

  /** How many flows' actions are followed within each other: more would not fit on a thread's stack. */
  private static final int MOST_NESTED = 512;

  private static final int MOST_CHAINS = 200_000;
  private final String file;
  private final TableNames names;
  private final int first;
  private final SortedMap<Integer, List<FlowEntry>> tables;
  private final Liveness liveness;
  private final TableRules tableRules;
  private final Map<TableLookup, String> known = new HashMap<>();
  private final Set<TableLookup> open = new HashSet<>();
  private final Map<String, Integer> longest = new HashMap<>();
  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final ChainNames chainNames;
  private final PacketEnds ends;
  private final Optional<Attachments> attached;
  private final boolean translates;
  private boolean portsMatter;
  private int nesting;

  /**
   * The tables of a bridge.
   *
   * @param attached what is attached to the bridge, if it is known
   * @param family the only family whose packets are followed; empty for both
   */
  Pipeline(
      String file,
      TableNames names,
      int first,
      SortedMap<Integer, List<FlowEntry>> tables,
      Optional<Attachments> attached,
      Optional<Family> family) {
    this.attached = attached;
    this.file = file;
    this.names = names;
    this.chainNames = new ChainNames(names);
    this.ends = new PacketEnds(chains, chainNames::unique);
    this.first = first;
    this.tables = tables;
    this.liveness = new Liveness(tables);
    this.tableRules = new TableRules(file, this, tables, attached, family);
    // Where it is known what is attached, packets of known connections are judged as they are
    // between their translations.
    this.translates = attached.isEmpty()
        && tables.values().stream()
            .flatMap(List::stream)
            .anyMatch(flow -> FlowStep.translates(flow.steps()));
  }

  /** All chains; the first begins in the first table. */
  Map<String, Chain> chains() {
    RuleAction start =
        lookup(first, PacketState.initial(Optional.empty()), Optional.empty(), Optional.empty());
    EnforcedRule entry = new EnforcedRule(Condition.ALWAYS, start, "packets come in", Origin.NONE);
    ends.finish(zones ->
        lookup(first, PacketState.initial(Optional.of(zones)), Optional.empty(), Optional.empty()));
    Map<String, Chain> all = new LinkedHashMap<>();
    all.put("packets", new Chain("packets", List.of(entry)));
    all.putAll(chains);
    return all;
  }

  /** Whether packets are sent to single ports, of which it is not said what is behind them. */
  boolean portsMatter() {
    return portsMatter;
  }

  String fileName() {
    return file;
  }

  /** What becomes of a packet that is looked up in a table. */
  RuleAction lookup(
      int table, PacketState state, Optional<String> inPort, Optional<PendingSteps> frames) {
    return lookup(table, state, OptionalLong.empty(), inPort, frames);
  }

  RuleAction lookup(
      int table,
      PacketState state,
      OptionalLong conjunction,
      Optional<String> inPort,
      Optional<PendingSteps> frames) {
    Deadline.current().check();
    if (!tables.containsKey(table)) {
      return run(List.of(), table, state, frames);
    }
    BigInteger wanted = liveness.of(table).or(PendingSteps.asked(frames, liveness));
    TableLookup key = new TableLookup(table, state.only(wanted), conjunction, inPort, frames);
    String name = known.get(key);
    if (name != null) {
      return new RuleAction.Goto(name);
    }
    boolean tooDeep = PendingSteps.depth(frames) > DEEPEST
        || PendingSteps.recirculations(frames) > MOST_RECIRCULATIONS;
    if (!tooDeep && open.size() > 4 * DEEPEST) {
      return new RuleAction.Unknown(names.name(table) + " is reached by too many lookups");
    }
    TableLookup anyDepth = key.anyDepth();
    if (tooDeep || !open.add(anyDepth)) {
      return isUntouched(state, frames)
          ? RuleAction.DROP
          : new RuleAction.Unknown(names.name(table) + " leads back to itself");
    }
    if (chains.size() >= MOST_CHAINS) {
      open.remove(anyDepth);
      return new RuleAction.Unknown("there are too many ways through the tables to follow");
    }
    List<EnforcedRule> rules = tableRules.of(key);
    open.remove(anyDepth);
    if (rules.size() == 1 && rules.get(0).action() instanceof RuleAction.Goto only) {
      // Nothing is decided here.
      known.put(key, only.chain());
      return only;
    }
    String unique = chainNames.of(key);
    int lookups = 1 + lookups(rules);
    if (lookups > MOST_LOOKUPS) {
      String text = "a packet may be looked up more than " + MOST_LOOKUPS + " times";
      rules = List.of(
          new EnforcedRule(Condition.ALWAYS, new RuleAction.Unknown(text), text, Origin.NONE));
    }
    longest.put(unique, Math.min(lookups, MOST_LOOKUPS));
    known.put(key, unique);
    chains.put(unique, new Chain(unique, rules));
    return new RuleAction.Goto(unique);
  }

  /** How many lookups follow at most. */
  private int lookups(List<EnforcedRule> rules) {
    int most = 0;
    for (EnforcedRule rule : rules) {
      String next = rule.action() instanceof RuleAction.Goto go
          ? go.chain()
          : rule.action() instanceof RuleAction.Jump jump ? jump.chain() : "";
      most = Math.max(most, longest.getOrDefault(next, 0));
    }
    return most;
  }

  /** What becomes of a packet that a flow has looked up in a table. */
  private RuleAction again(
      int table,
      int from,
      PacketState state,
      Optional<String> inPort,
      Optional<PendingSteps> frames) {
    if (state.depth() >= DEEPEST
        && goesAround(table, state, inPort)
        && isUntouched(state, frames)) {
      return RuleAction.DROP;
    }
    if (state.depth() >= DEEPEST) {
      return new RuleAction.Unknown(names.name(table) + " is looked up more than " + DEEPEST
          + " resubmits deep, where Open vSwitch drops packets");
    }
    PacketState next = table <= from ? state.at(state.depth() + 1) : state;
    return lookup(table, next, inPort, frames);
  }

  /** Whether the packet was looked up in this table before, with nothing changed since that flows from there on ask for. */
  private boolean goesAround(int table, PacketState state, Optional<String> inPort) {
    BigInteger asked = liveness.of(table);
    PacketState now = state.only(asked).at(0);
    return open.stream()
        .anyMatch(key -> key.table() == table
            && key.inPort().equals(inPort)
            && key.state().only(asked).equals(now));
  }

  /** Open vSwitch gives up on a packet that goes around, and drops it; what was done with it before, or with copies of it, stays done. */
  private static boolean isUntouched(PacketState state, Optional<PendingSteps> frames) {
    return state.isUntouched() && PendingSteps.toCopy(frames).isEmpty();
  }

  /** What becomes of a packet with which actions of a table's flow are done. */
  RuleAction run(List<FlowStep> steps, int table, PacketState at, Optional<PendingSteps> below) {
    if (nesting >= MOST_NESTED) {
      return new RuleAction.Unknown("there is too much left to do after too many lookups");
    }
    nesting++;
    try {
      return each(steps, table, at, below);
    } finally {
      nesting--;
    }
  }

  private RuleAction each(
      List<FlowStep> steps, int table, PacketState at, Optional<PendingSteps> below) {
    PacketState state = at;
    for (int i = 0; i < steps.size(); i++) {
      FlowStep step = steps.get(i);
      List<FlowStep> rest = steps.subList(i + 1, steps.size());
      if (step instanceof FlowStep.Write write) {
        state = state.with(state.registers().set(write.bits()));
        portsMatter |= Registers.isOfFrame(write.bits());
      } else if (step instanceof FlowStep.Copy copy) {
        state = state.with(state.registers().copy(copy.from(), copy.to()));
      } else if (step instanceof FlowStep.Forget forget) {
        state = state.with(state.registers().forget(forget.slot()));
      } else if (step instanceof FlowStep.Learn learn && learn.result().isPresent()) {
        state = state.with(state.registers().forget(learn.result().get()));
      } else if (step instanceof FlowStep.Rewrite rewrite) {
        state = state.rewritten(rewrite.text());
      } else if (step instanceof FlowStep.Reframe) {
        portsMatter = true;
      } else if (step instanceof FlowStep.Forward) {
        state = state.forwarded("a packet is sent on after " + state.rewritten().orElse(""));
      } else if (step instanceof FlowStep.Output output) {
        if (output.isNowhere(state.registers())) {
          continue;
        }
        portsMatter = true;
        // A copy that leaves by one port before more is done, as for a mirror, need not be the one
        // that arrives.
        boolean last = !FlowStep.mayOutput(rest)
            && !PendingSteps.mayOutput(below)
            && state.later().isEmpty();
        if (last && attached.isPresent()) {
          RuleAction sent = run(rest, table, state.forwarded(output.text()), below);
          return new PortGuard(attached.get(), chains, chainNames::unique)
              .sent(output, state, sent);
        }
        state = last ? state.forwarded(output.text()) : state.copied(output.text());
      } else if (step instanceof FlowStep.Elsewhere elsewhere) {
        state = state.copied(elsewhere.text());
      } else if (step instanceof FlowStep.Untrack) {
        state = state.untracked();
      } else if (step instanceof FlowStep.Later later) {
        List<FlowStep> all = new ArrayList<>(state.later());
        all.addAll(later.steps());
        state = state.keeping(all);
      } else if (step instanceof FlowStep.NothingLater) {
        state = state.keeping(List.of());
      } else if (step instanceof FlowStep.Unknown unknown) {
        return new RuleAction.Unknown(unknown.text());
      } else if (step instanceof FlowStep.Exit) {
        Optional<PendingSteps> outer = PendingSteps.toCopy(below);
        if (outer
            .flatMap(PendingSteps::before)
            .filter(copied -> !copied.recirculates())
            .isPresent()) {
          // Open vSwitch 3.1 does not do what comes after the clone either, against its manual.
          return new RuleAction.Unknown("exit within clone");
        }
        if (FlowStep.mayOutput(state.later())) {
          // Nor what was kept for the end.
          return new RuleAction.Unknown("exit after write_actions");
        }
        return done(state, outer);
      } else if (step instanceof FlowStep.Goto go) {
        return again(go.table(), table, state, Optional.empty(), inside(rest, table, state, below));
      } else if (step instanceof FlowStep.Resubmit again) {
        return again(
            again.table(), table, state, again.inPort(), inside(rest, table, state, below));
      } else if (step instanceof FlowStep.Apply apply) {
        return run(apply.steps(), table, state, inside(rest, table, state, below));
      } else if (step instanceof FlowStep.Clone clone) {
        return run(clone.steps(), table, state, back(rest, table, state, false, below));
      } else if (step instanceof FlowStep.Conntrack ct) {
        OptionalInt zone = state.number(ct.zone());
        state = ConnectionMarks.after(ct, state, zone);
        if (ct.commit() && zone.isPresent()) {
          state = state.committed(zone.getAsInt());
        }
        if (ct.table().isPresent()) {
          if (!state.later().isEmpty()) {
            return new RuleAction.Unknown("write_actions before ct");
          }
          if (!state.reply()) {
            ends.asksZone(zone.orElse(-1));
          }
          PacketState copy = state.tracked(zone);
          copy = translates || ct.translates() ? copy.rewritten("ct(nat)") : copy;
          Optional<PendingSteps> after = back(rest, table, state.untracked(), true, below);
          return lookup(ct.table().get(), copy, Optional.empty(), after);
        }
        // What conntrack says is known to the copy only that is looked up with it.
        state = state.untracked();
      }
    }
    return done(state, below);
  }

  /** Where a copy of the packet is made, and the packet itself goes on afterwards, if there is anything to do. */
  private Optional<PendingSteps> back(
      List<FlowStep> rest,
      int table,
      PacketState state,
      boolean recirculates,
      Optional<PendingSteps> below) {
    if (rest.isEmpty() && below.isEmpty() && state.later().isEmpty()) {
      return Optional.empty();
    }
    PacketState kept = state.only(liveness.before(rest, PendingSteps.asked(below, liveness)));
    return PendingSteps.push(
        rest,
        table,
        state.depth(),
        Optional.of(new PendingSteps.Copied(kept, recirculates)),
        below);
  }

  private static Optional<PendingSteps> inside(
      List<FlowStep> rest, int table, PacketState state, Optional<PendingSteps> below) {
    return PendingSteps.push(rest, table, state.depth(), Optional.empty(), below);
  }

  private RuleAction done(PacketState state, Optional<PendingSteps> frames) {
    boolean isWhole = frames.isEmpty() || frames.get().before().isPresent();
    if (isWhole && !state.later().isEmpty()) {
      return atTheEnd(state, frames);
    }
    if (frames.isPresent()) {
      PendingSteps frame = frames.get();
      PacketState after = frame
          .before()
          .map(before -> before.state().after(state))
          .orElse(state)
          .at(frame.depth());
      return run(frame.rest(), frame.table(), after, frame.below());
    }
    if (state.passed()) {
      return ends.passes(state);
    }
    if (state.copied().isPresent()) {
      return new RuleAction.Unknown(state.copied().get());
    }
    // The kernel's connection tracking calls a connection new until it was answered.
    return state.committed().isEmpty() || state.reply() || attached.isPresent()
        ? RuleAction.DROP
        : ends.droppedThoughKnown();
  }

  /** The actions that were kept for the end of a packet, or of a copy: of several outputs the last counts. */
  private RuleAction atTheEnd(PacketState state, Optional<PendingSteps> frames) {
    List<FlowStep> outputs = state.later().stream()
        .filter(step -> step instanceof FlowStep.Forward || step instanceof FlowStep.Output)
        .toList();
    for (FlowStep step : state.later()) {
      if (step instanceof FlowStep.Elsewhere
          || step instanceof FlowStep.Output output && output.port().isPresent()
          || FlowStep.mayOutput(List.of(step)) && !outputs.contains(step)) {
        return new RuleAction.Unknown("write_actions: " + step);
      }
    }
    PacketState end = state.keeping(List.of());
    boolean rewrites = state.later().stream().anyMatch(FlowStep.Rewrite.class::isInstance);
    if (outputs.isEmpty()) {
      return done(end, frames);
    }
    FlowStep last = outputs.get(outputs.size() - 1);
    return run(List.of(last), first, rewrites ? end.rewritten("write_actions") : end, frames);
  }
}
