package dev.postern.openflow.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Action;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Rule;
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
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Follows all packets through the tables at once. What a packet carries besides its own fields (registers, actions yet to be done, whether its
 * connection is tracked and remembered) is known wherever it is the same for all packets at a place; so each table becomes a chain for each
 * of these states, and a rule leads from chain to chain.
 *
 * <p>A packet passes if it is sent on at all: where {@code output} to a port leads is not in a dump. A new connection passes if its packet
 * does and its answers do: they are known if the connection was committed in each zone that is asked, and else meet the tables as packets of
 * no connection.
 */
final class Pipeline {

  /** How deep Open vSwitch goes into lookups that do not lead on to a later table; in there it refuses any lookup (MAX_DEPTH of ofproto-dpif-xlate.c). */
  private static final int DEEPEST = 64;

  /** How many lookups it does for a packet (MAX_RESUBMITS). */
  private static final int MOST_LOOKUPS = DEEPEST * DEEPEST;

  private static final int MOST_CHAINS = 200_000;
  private static final Condition NEW = new Condition.State(Set.of(ConnectionState.NEW));
  private static final Condition ANSWERED = Condition.any(
      new Condition.Not(new Condition.IpProtocol(Set.of(1, 58))),
      new Condition.IcmpType(Set.of(8, 13, 15, 17, 128)));

  private final String file;
  private final TableNames names;
  private final int first;
  private final SortedMap<Integer, List<Flow>> tables;
  private final Liveness liveness;
  private final TableRules tableRules;
  private final Map<Key, String> known = new HashMap<>();
  private final Set<Key> open = new HashSet<>();
  private final Map<String, Integer> taken = new HashMap<>();
  private final Map<String, Integer> longest = new HashMap<>();
  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final Map<SortedSet<Integer>, String> passed = new LinkedHashMap<>();
  private final SortedSet<Integer> asked = new TreeSet<>();
  private final boolean translates;
  private boolean portsMatter;

  /** A lookup of packets of one state. */
  record Key(
      int table,
      State state,
      OptionalLong conjunction,
      Optional<String> inPort,
      Optional<Frames> frames) {

    /** A packet that comes here again goes around, however deep it is. */
    Key anyDepth() {
      return new Key(table, state.at(0), conjunction, inPort, frames);
    }
  }

  Pipeline(String file, TableNames names, int first, SortedMap<Integer, List<Flow>> tables) {
    this.file = file;
    this.names = names;
    this.first = first;
    this.tables = tables;
    this.liveness = new Liveness(tables);
    this.tableRules = new TableRules(file, this, tables);
    this.translates =
        tables.values().stream().flatMap(List::stream).anyMatch(flow -> translates(flow.steps()));
  }

  private static boolean translates(List<Step> steps) {
    return steps.stream()
        .anyMatch(step -> (step instanceof Step.Conntrack ct && ct.translates())
            || (step instanceof Step.Clone clone && translates(clone.steps()))
            || (step instanceof Step.Apply apply && translates(apply.steps())));
  }

  /** All chains; the first begins in the first table. */
  Map<String, Chain> chains() {
    Action start = lookup(first, State.initial(false), Optional.empty(), Optional.empty());
    List<Rule> rules = List.of(new Rule(Condition.ALWAYS, start, "packets come in", Origin.NONE));
    Map<SortedSet<Integer>, String> before = new LinkedHashMap<>(passed);
    before.forEach(this::passing);
    Map<String, Chain> all = new LinkedHashMap<>();
    all.put("packets", new Chain("packets", rules));
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
  Action lookup(int table, State state, Optional<String> inPort, Optional<Frames> frames) {
    return lookup(table, state, OptionalLong.empty(), inPort, frames);
  }

  Action lookup(
      int table,
      State state,
      OptionalLong conjunction,
      Optional<String> inPort,
      Optional<Frames> frames) {
    if (!tables.containsKey(table)) {
      return run(List.of(), table, state, frames);
    }
    BigInteger wanted = liveness.of(table).or(Frames.asked(frames, liveness));
    Key key = new Key(table, state.only(wanted), conjunction, inPort, frames);
    String name = known.get(key);
    if (name != null) {
      return new Action.Goto(name);
    }
    boolean tooDeep = Frames.depth(frames) > DEEPEST;
    if (!tooDeep && open.size() > 4 * DEEPEST) {
      return new Action.Unknown(names.name(table) + " is reached by too many lookups");
    }
    Key anyDepth = key.anyDepth();
    if (tooDeep || !open.add(anyDepth)) {
      return isUntouched(state, frames)
          ? Action.DROP
          : new Action.Unknown(names.name(table) + " leads back to itself");
    }
    if (chains.size() >= MOST_CHAINS) {
      open.remove(anyDepth);
      return new Action.Unknown("there are too many ways through the tables to follow");
    }
    List<Rule> rules = tableRules.of(key);
    open.remove(anyDepth);
    String unique = unique(key);
    int lookups = 1 + lookups(rules);
    if (lookups > MOST_LOOKUPS) {
      String text = "a packet may be looked up more than " + MOST_LOOKUPS + " times";
      rules = List.of(new Rule(Condition.ALWAYS, new Action.Unknown(text), text, Origin.NONE));
    }
    longest.put(unique, Math.min(lookups, MOST_LOOKUPS));
    known.put(key, unique);
    chains.put(unique, new Chain(unique, rules));
    return new Action.Goto(unique);
  }

  /** How many lookups follow at most. */
  private int lookups(List<Rule> rules) {
    int most = 0;
    for (Rule rule : rules) {
      if (rule.action() instanceof Action.Goto next) {
        most = Math.max(most, longest.getOrDefault(next.chain(), 0));
      }
    }
    return most;
  }

  /** What becomes of a packet that a flow has looked up in a table. */
  private Action again(
      int table, int from, State state, Optional<String> inPort, Optional<Frames> frames) {
    if (state.depth() >= DEEPEST
        && goesAround(table, state, inPort)
        && isUntouched(state, frames)) {
      return Action.DROP;
    }
    if (state.depth() >= DEEPEST) {
      return new Action.Unknown(names.name(table) + " is looked up more than " + DEEPEST
          + " resubmits deep, where Open vSwitch drops packets");
    }
    State next = table <= from ? state.at(state.depth() + 1) : state;
    return lookup(table, next, inPort, frames);
  }

  /** Whether the packet was looked up in this table before, with nothing changed since that flows from there on ask for. */
  private boolean goesAround(int table, State state, Optional<String> inPort) {
    BigInteger asked = liveness.of(table);
    State now = state.only(asked).at(0);
    return open.stream()
        .anyMatch(key -> key.table == table
            && key.inPort.equals(inPort)
            && key.state.only(asked).equals(now));
  }

  /** Open vSwitch gives up on a packet that goes around, and drops it; what was done with it before, or with copies of it, stays done. */
  private static boolean isUntouched(State state, Optional<Frames> frames) {
    return !state.passed()
        && state.copied().isEmpty()
        && state.committed().isEmpty()
        && toCopy(frames).isEmpty();
  }

  private String unique(Key key) {
    String words = key.state.registers().words();
    return unique(names.name(key.table)
        + (words.isEmpty() ? "" : " with " + words)
        + (key.state.reply() ? " (the answer)" : ""));
  }

  private String unique(String name) {
    int count = taken.merge(name, 1, Integer::sum);
    return count == 1 ? name : name + " #" + count;
  }

  /** What becomes of a packet with which actions of a table's flow are done. */
  Action run(List<Step> steps, int table, State at, Optional<Frames> below) {
    State state = at;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      List<Step> rest = steps.subList(i + 1, steps.size());
      if (step instanceof Step.Write write) {
        state = state.with(state.registers().set(write.bits()));
      } else if (step instanceof Step.Copy copy) {
        state = state.with(state.registers().copy(copy.from(), copy.to()));
      } else if (step instanceof Step.Forget forget) {
        state = state.with(state.registers().forget(forget.slot()));
      } else if (step instanceof Step.Rewrite rewrite) {
        state = state.rewritten(rewrite.text());
      } else if (step instanceof Step.Reframe) {
        portsMatter = true;
      } else if (step instanceof Step.Forward) {
        state =
            forwarded(state, "a packet is sent on after " + state.rewritten().orElse(""));
      } else if (step instanceof Step.Output output) {
        portsMatter = true;
        // A copy that leaves by one port before more is done, as for a mirror, need not be the one
        // that arrives.
        boolean last =
            !Step.mayOutput(rest) && !Frames.mayOutput(below) && state.later().isEmpty();
        state = last ? forwarded(state, output.text()) : state.copied(output.text());
      } else if (step instanceof Step.Elsewhere elsewhere) {
        state = state.copied(elsewhere.text());
      } else if (step instanceof Step.Untrack) {
        state = state.untracked();
      } else if (step instanceof Step.Later later) {
        List<Step> all = new ArrayList<>(state.later());
        all.addAll(later.steps());
        state = state.keeping(all);
      } else if (step instanceof Step.NothingLater) {
        state = state.keeping(List.of());
      } else if (step instanceof Step.Unknown unknown) {
        return new Action.Unknown(unknown.text());
      } else if (step instanceof Step.Exit) {
        Optional<Frames> outer = toCopy(below);
        if (outer
            .flatMap(Frames::before)
            .filter(copied -> !copied.recirculates())
            .isPresent()) {
          // Open vSwitch 3.1 does not do what comes after the clone either, against its manual.
          return new Action.Unknown("exit within clone");
        }
        return done(state, outer);
      } else if (step instanceof Step.Goto go) {
        return again(go.table(), table, state, Optional.empty(), inside(rest, table, state, below));
      } else if (step instanceof Step.Resubmit again) {
        return again(
            again.table(), table, state, again.inPort(), inside(rest, table, state, below));
      } else if (step instanceof Step.Apply apply) {
        return run(apply.steps(), table, state, inside(rest, table, state, below));
      } else if (step instanceof Step.Clone clone) {
        return run(clone.steps(), table, state, back(rest, table, state, false, below));
      } else if (step instanceof Step.Conntrack ct) {
        OptionalInt zone = state.number(ct.zone());
        if (ct.commit() && zone.isPresent()) {
          state = state.committed(zone.getAsInt());
        }
        if (ct.table().isPresent()) {
          if (!state.later().isEmpty()) {
            return new Action.Unknown("write_actions before ct");
          }
          if (!state.reply()) {
            asked.add(zone.orElse(-1));
          }
          State copy = state.tracked(zone, state.marked() || ct.marks());
          copy = translates ? copy.rewritten("ct(nat)") : copy;
          Optional<Frames> after = back(rest, table, state.untracked(), true, below);
          return lookup(ct.table().get(), copy, Optional.empty(), after);
        }
        // What conntrack says is known to the copy only that is looked up with it.
        state = state.untracked();
      }
    }
    return done(state, below);
  }

  private static State forwarded(State state, String text) {
    return state.rewritten().isPresent() ? state.copied(text) : state.sent();
  }

  /** Where a copy of the packet is made, and the packet itself goes on afterwards, if there is anything to do. */
  private Optional<Frames> back(
      List<Step> rest, int table, State state, boolean recirculates, Optional<Frames> below) {
    if (rest.isEmpty() && below.isEmpty()) {
      return Optional.empty();
    }
    State kept = state.only(liveness.before(rest, Frames.asked(below, liveness)));
    return Frames.push(
        rest, table, state.depth(), Optional.of(new Frames.Copied(kept, recirculates)), below);
  }

  private static Optional<Frames> inside(
      List<Step> rest, int table, State state, Optional<Frames> below) {
    return Frames.push(rest, table, state.depth(), Optional.empty(), below);
  }

  private static Optional<Frames> toCopy(Optional<Frames> frames) {
    Optional<Frames> at = frames;
    while (at.isPresent() && at.get().before().isEmpty()) {
      at = at.get().below();
    }
    return at;
  }

  private Action done(State state, Optional<Frames> frames) {
    if (frames.isPresent()) {
      Frames frame = frames.get();
      State after = frame
          .before()
          .map(before -> before.state().after(state))
          .orElse(state)
          .at(frame.depth());
      return run(frame.rest(), frame.table(), after, frame.below());
    }
    if (!state.later().isEmpty()) {
      return atTheEnd(state);
    }
    if (state.passed()) {
      return passes(state);
    }
    if (state.copied().isPresent()) {
      return new Action.Unknown(state.copied().get());
    }
    return state.committed().isEmpty() || state.reply() ? Action.DROP : droppedThoughKnown();
  }

  /** The actions that were kept: of several outputs the last counts. */
  private Action atTheEnd(State state) {
    List<Step> outputs = state.later().stream()
        .filter(step -> step instanceof Step.Forward || step instanceof Step.Output)
        .toList();
    for (Step step : state.later()) {
      if (step instanceof Step.Elsewhere
          || Step.mayOutput(List.of(step)) && !outputs.contains(step)) {
        return new Action.Unknown("write_actions: " + step);
      }
    }
    State end = state.keeping(List.of());
    boolean rewrites = state.later().stream().anyMatch(Step.Rewrite.class::isInstance);
    if (outputs.isEmpty()) {
      return done(end, Optional.empty());
    }
    Step last = outputs.get(outputs.size() - 1);
    return run(
        List.of(last), first, rewrites ? end.rewritten("write_actions") : end, Optional.empty());
  }

  private Action passes(State state) {
    if (state.reply()) {
      return Action.ACCEPT;
    }
    return new Action.Goto(passed.computeIfAbsent(state.committed(), zones -> unique("sent on")));
  }

  /** The end of packets that are sent on, whose connections are remembered in some zones. */
  private void passing(SortedSet<Integer> committed, String name) {
    List<Rule> rules = new ArrayList<>();
    Condition asks = Condition.all(NEW, ANSWERED);
    if (!committed.containsAll(asked)) {
      String text = "the connection is not remembered: its answers come as those of none";
      Action action = committed.isEmpty()
          ? lookup(first, State.initial(true), Optional.empty(), Optional.empty())
          : new Action.Unknown("the connection is not remembered in each zone");
      rules.add(new Rule(asks, action, text, Origin.NONE));
    }
    rules.add(new Rule(Condition.ALWAYS, Action.ACCEPT, "it is sent on", Origin.NONE));
    chains.put(name, new Chain(name, rules));
  }

  /** Who drops a packet after its connection was committed takes the next one for a packet of a known connection. */
  private Action droppedThoughKnown() {
    String name = "dropped after ct(commit)";
    chains.computeIfAbsent(name, n -> {
      String text = "its connection is remembered: the next packet is one of a known connection";
      return new Chain(
          n,
          List.of(
              new Rule(NEW, new Action.Unknown(text), text, Origin.NONE),
              new Rule(Condition.ALWAYS, Action.DROP, "no output", Origin.NONE)));
    });
    return new Action.Goto(name);
  }
}
