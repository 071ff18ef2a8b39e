package dev.postern.enforced;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.Passage.Hit;
import dev.postern.net.Address;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The definition of what enforced rules do: walks one packet through them, slowly and obviously. Where a rule is not understood it walks
 * every way the packet may go; the verdict is UNKNOWN if they end differently. A packet that is handed to user space is QUEUED, whatever becomes
 * of it later, unless it is said what is decided there. Every witness against an artefact is replayed here.
 */
public final class Interpreter {

  private final EnforcedRules rules;
  private final Optional<Ending> userSpace;

  public Interpreter(EnforcedRules rules) {
    this(rules, Optional.empty());
  }

  /**
   * An interpreter.
   *
   * @param userSpace what programs in user space decide of every packet that rules hand to them, if it is to be taken for granted
   */
  public Interpreter(EnforcedRules rules, Optional<Ending> userSpace) {
    this.rules = rules;
    this.userSpace = userSpace;
  }

  /**
   * Where a walk goes on.
   *
   * @param chain the chain
   * @param next the index of the next rule in it
   * @param caller where it goes on after the chain; empty in a stage's first chain
   */
  private record Place(String chain, int next, Optional<Place> caller) {
    Place after() {
      return new Place(chain, next + 1, caller);
    }
  }

  /** A packet on its way: before a stage if it has no place. */
  private record Walker(int stage, Optional<Place> place, PacketMark mark) {
    Walker at(Optional<Place> other) {
      return new Walker(stage, other, mark);
    }

    Walker marked(PacketMark other) {
      return new Walker(stage, place, other);
    }
  }

  /** Walks a packet through all stages. */
  public Passage walk(Packet packet) {
    Walk walk = new Walk(packet);
    walk.branch(new Walker(0, Optional.empty(), new PacketMark(packet.mark(), 0)), List.of());
    return walk.run();
  }

  /** All the ways that one packet may go. */
  private final class Walk {
    private final Packet packet;
    private final Set<Passage.Fate> verdicts = EnumSet.noneOf(Passage.Fate.class);
    private final Set<Walker> seen = new HashSet<>();
    private final Deque<Walker> open = new ArrayDeque<>();
    private final Deque<List<Hit>> openHits = new ArrayDeque<>();
    private List<Hit> firstWay = List.of();
    private List<Hit> hits = new ArrayList<>();

    Walk(Packet packet) {
      this.packet = packet;
    }

    Passage run() {
      while (!open.isEmpty()) {
        hits = new ArrayList<>(openHits.pop());
        Optional<Walker> walker = Optional.of(open.pop());
        while (walker.isPresent()) {
          walker = step(walker.get());
        }
      }
      Passage.Fate verdict =
          verdicts.size() == 1 ? verdicts.iterator().next() : Passage.Fate.UNKNOWN;
      return new Passage(verdict, firstWay);
    }

    /** Keeps a way to be walked later. */
    private void branch(Walker walker, List<Hit> before) {
      if (seen.add(walker)) {
        open.add(walker);
        openHits.add(List.copyOf(before));
      }
    }

    private Optional<Walker> end(Passage.Fate verdict) {
      if (verdicts.isEmpty()) {
        firstWay = hits;
      }
      verdicts.add(verdict);
      return Optional.empty();
    }

    private Optional<Walker> step(Walker walker) {
      if (walker.stage() == rules.stages().size()) {
        return end(Passage.Fate.ACCEPT);
      }
      Stage stage = rules.stages().get(walker.stage());
      if (walker.place().isEmpty()) {
        return enter(walker, stage);
      }
      Place place = walker.place().get();
      Chain chain = rules.chain(place.chain());
      if (place.next() == chain.rules().size()) {
        return leave(walker, stage, place);
      }
      EnforcedRule rule = chain.rules().get(place.next());
      Walker past = walker.at(Optional.of(place.after()));
      Truth truth = Truth.of(rule.condition(), packet, walker.mark());
      Optional<Condition.Mark> undecided =
          truth == Truth.UNKNOWN ? walker.mark().undecided(rule.condition()) : Optional.empty();
      if (undecided.isPresent()) {
        return tell(walker, undecided.get());
      }
      return switch (truth) {
        case NO -> Optional.of(past);
        case YES -> {
          hit(stage, chain, rule, true);
          yield act(rule.action(), past, stage);
        }
        case UNKNOWN -> {
          if (rule.action() instanceof RuleAction.Continue) {
            yield Optional.of(past);
          }
          hit(stage, chain, rule, false);
          branch(past, hits);
          yield act(rule.action(), past, stage);
        }
      };
    }

    /** The walk goes on in each way that the mark may be. */
    private Optional<Walker> tell(Walker walker, Condition.Mark wanted) {
      List<PacketMark> ways = walker.mark().told(wanted);
      ways.subList(1, ways.size()).forEach(way -> branch(walker.marked(way), hits));
      return Optional.of(walker.marked(ways.get(0)));
    }

    private void hit(Stage stage, Chain chain, EnforcedRule rule, boolean understood) {
      boolean clear = understood
          && !(rule.action() instanceof RuleAction.Unknown)
          && !(rule.action() instanceof RuleAction.UnknownMark);
      hits.add(new Hit(stage.name(), chain.name(), rule.text(), rule.origin(), clear));
    }

    private Optional<Walker> enter(Walker walker, Stage stage) {
      Optional<Condition.Mark> undecided = walker.mark().undecided(stage.applies());
      if (undecided.isPresent()) {
        return tell(walker, undecided.get());
      }
      Walker inside = walker.at(Optional.of(new Place(stage.chain(), 0, Optional.empty())));
      return switch (Truth.of(stage.applies(), packet, walker.mark())) {
        case NO -> next(walker);
        case YES -> Optional.of(inside);
        case UNKNOWN -> {
          hits.add(new Hit(stage.name(), stage.chain(), "who comes by here", Origin.NONE, false));
          branch(new Walker(walker.stage() + 1, Optional.empty(), walker.mark()), hits);
          yield Optional.of(inside);
        }
      };
    }

    private Optional<Walker> next(Walker walker) {
      return Optional.of(new Walker(walker.stage() + 1, Optional.empty(), walker.mark()));
    }

    /** The end of a chain: back to the caller, or the stage's ending. */
    private Optional<Walker> leave(Walker walker, Stage stage, Place place) {
      if (place.caller().isPresent()) {
        return Optional.of(walker.at(place.caller()));
      }
      hits.add(new Hit(
          stage.name(), stage.chain(), "otherwise " + stage.otherwise(), Origin.NONE, true));
      return stage.otherwise() == Ending.ACCEPT ? next(walker) : end(Passage.Fate.DROP);
    }

    private Optional<Walker> act(RuleAction action, Walker past, Stage stage) {
      Place place = past.place().orElseThrow();
      return action.on(new RuleAction.Cases<>() {
        @Override
        public Optional<Walker> accept(RuleAction.Accept accept) {
          return next(past);
        }

        @Override
        public Optional<Walker> drop(RuleAction.Drop drop) {
          return end(Passage.Fate.DROP);
        }

        @Override
        public Optional<Walker> jump(RuleAction.Jump jump) {
          return Optional.of(past.at(Optional.of(new Place(jump.chain(), 0, Optional.of(place)))));
        }

        @Override
        public Optional<Walker> goTo(RuleAction.Goto go) {
          return Optional.of(past.at(Optional.of(new Place(go.chain(), 0, place.caller()))));
        }

        @Override
        public Optional<Walker> doReturn(RuleAction.Return back) {
          return leave(past, stage, place);
        }

        @Override
        public Optional<Walker> setMark(RuleAction.SetMark set) {
          return Optional.of(past.marked(past.mark().set(set.value(), set.mask())));
        }

        @Override
        public Optional<Walker> mapMark(RuleAction.MapMark map) {
          Address key = map.source() ? packet.source() : packet.destination();
          PacketMark mark = map.entries().stream()
              .filter(entry -> entry.addresses().contains(key))
              .findFirst()
              .map(entry -> past.mark().set(entry.value(), entry.mask()))
              .orElse(past.mark());
          return Optional.of(past.marked(mark));
        }

        @Override
        public Optional<Walker> unknownMark(RuleAction.UnknownMark lost) {
          return Optional.of(past.marked(past.mark().lose(lost.mask())));
        }

        @Override
        public Optional<Walker> doContinue(RuleAction.Continue go) {
          return Optional.of(past);
        }

        @Override
        public Optional<Walker> queue(RuleAction.Queue queue) {
          return userSpace.isEmpty()
              ? end(Passage.Fate.QUEUED)
              : userSpace.get() == Ending.ACCEPT ? next(past) : end(Passage.Fate.DROP);
        }

        @Override
        public Optional<Walker> unknown(RuleAction.Unknown unknown) {
          return end(Passage.Fate.UNKNOWN);
        }
      });
    }
  }
}
