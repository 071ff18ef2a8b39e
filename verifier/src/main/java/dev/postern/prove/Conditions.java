package dev.postern.prove;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/** The sets of packets that meet conditions, for one state of their connection. */
final class Conditions {

  /** From so many parts on it pays to look whether they are pairs of addresses. */
  private static final int LONG = 2;

  private final Fields fields;
  private final Bdd bdd;
  private final ConnectionState state;
  private final boolean reply;
  private final int ignored;
  private final IntSupplier unknown;
  private final Map<Condition, Integer> known = new IdentityHashMap<>();
  private final Map<Integer, Integer> simpler = new HashMap<>();

  /**
   * Conditions.
   *
   * @param ignored packets of which it does not matter whether they meet a condition: what is about them alone is met by none
   * @param unknown makes a variable for something that is not understood
   */
  Conditions(
      Fields fields, ConnectionState state, boolean reply, int ignored, IntSupplier unknown) {
    this.fields = fields;
    this.bdd = fields.bdd;
    this.state = state;
    this.reply = reply;
    this.ignored = ignored;
    this.unknown = unknown;
  }

  /** The packets that meet a condition if they bear these marks. */
  int set(Condition condition, Marks marks) {
    Integer before = known.get(condition);
    if (before != null) {
      return before;
    }
    Evaluation evaluation = new Evaluation(marks);
    int result = condition.on(evaluation);
    if (evaluation.lasting) {
      known.put(condition, result);
    }
    return result;
  }

  /** Nothing or everything, where only the ignored packets make the difference. */
  private int simplest(int set) {
    if (ignored == Bdd.FALSE || bdd.level(set) >= fields.destination.first()) {
      return set;
    }
    return simpler.computeIfAbsent(
        set,
        s -> bdd.minus(set, ignored) == Bdd.FALSE
            ? Bdd.FALSE
            : bdd.minus(Bdd.not(set), ignored) == Bdd.FALSE ? Bdd.TRUE : set);
  }

  private final class Evaluation implements Condition.Cases<Integer> {
    private final Marks marks;
    private boolean lasting = true;

    Evaluation(Marks marks) {
      this.marks = marks;
    }

    private int of(Condition condition) {
      return condition.on(this);
    }

    @Override
    public Integer all(Condition.All all) {
      int result = Bdd.TRUE;
      for (Condition part : all.conditions()) {
        result = bdd.and(result, of(part));
      }
      return result;
    }

    /** A long list of pairs of addresses, as sets of concatenations give them, source by source. */
    private Optional<Integer> pairs(Condition.Any any) {
      Map<Integer, Integer> destinations = new HashMap<>();
      for (Condition part : any.conditions()) {
        if (!(part instanceof Condition.All all)
            || all.conditions().size() != 2
            || !(all.conditions().get(0) instanceof Condition.SourceAddress source)
            || !(all.conditions().get(1) instanceof Condition.DestinationAddress destination)) {
          return Optional.empty();
        }
        int to = fields.destination(destination.addresses());
        int[] runs = fields.addresses.runs(source.addresses());
        for (int run = 0; run < runs.length; run += 2) {
          for (int number = runs[run]; number < runs[run + 1]; number++) {
            destinations.merge(number, to, bdd::or);
          }
        }
      }
      return Optional.of(fields.pairs(destinations));
    }

    @Override
    public Integer any(Condition.Any any) {
      if (any.conditions().size() > LONG && fields.hasBothAddresses()) {
        Optional<Integer> pairs = pairs(any);
        if (pairs.isPresent()) {
          return simplest(pairs.get());
        }
      }
      int[] parts = new int[any.conditions().size()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = of(any.conditions().get(i));
      }
      return simplest(bdd.or(parts, 0, parts.length));
    }

    @Override
    public Integer not(Condition.Not not) {
      return Bdd.not(of(not.condition()));
    }

    @Override
    public Integer source(Condition.SourceAddress source) {
      return fields.source(source.addresses());
    }

    @Override
    public Integer destination(Condition.DestinationAddress destination) {
      return fields.destination(destination.addresses());
    }

    @Override
    public Integer ipProtocol(Condition.IpProtocol protocol) {
      return fields.protocols(protocol.numbers()::contains);
    }

    @Override
    public Integer icmpType(Condition.IcmpType type) {
      return fields.icmpTypes(type.types());
    }

    @Override
    public Integer sourcePort(Condition.SourcePort port) {
      return fields.sourcePort(port.first(), port.last());
    }

    @Override
    public Integer destinationPort(Condition.DestinationPort port) {
      return fields.destinationPort(port.first(), port.last());
    }

    @Override
    public Integer mark(Condition.Mark mark) {
      lasting = false;
      return simplest(marks.equal(mark.value(), mark.mask()));
    }

    @Override
    public Integer state(Condition.State wanted) {
      return wanted.states().contains(state) ? Bdd.TRUE : Bdd.FALSE;
    }

    @Override
    public Integer reply(Condition.Reply wanted) {
      return reply ? Bdd.TRUE : Bdd.FALSE;
    }

    @Override
    public Integer inInterface(Condition.InInterface in) {
      return fields.inInterface(in);
    }

    @Override
    public Integer outInterface(Condition.OutInterface out) {
      return fields.outInterface(out);
    }

    @Override
    public Integer unknown(Condition.Unknown wanted) {
      lasting = false;
      return unknown.getAsInt();
    }
  }
}
