package dev.postern.prove;

import dev.postern.enforced.Action;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.EnforcedRules.Stage;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Walks all packets of one connection state through the rules at once and hands out the sets of packets that are dropped, one a place.
 *
 * <p>A dropped packet may as well walk on, since nothing brings it back; it is let go wherever that keeps the sets simple. So what one
 * class's chain drops does not follow all packets through the chains of the others.
 */
final class Walk {

  private final Fields fields;
  private final Bdd bdd;
  private final EnforcedRules rules;
  private final ConnectionState state;
  private final boolean reply;
  private final IntConsumer drops;
  private final Marks marks;
  private final Map<Condition, Integer> known;
  private int unknowns;
  /** Packets whose fate an unknown action decided. */
  private int lost = Bdd.FALSE;

  /**
   * A walk.
   *
   * @param known sets of conditions that do not depend on marks or state, shared between walks
   * @param drops takes each set of dropped packets
   */
  Walk(
      Fields fields,
      EnforcedRules rules,
      ConnectionState state,
      boolean reply,
      Map<Condition, Integer> known,
      IntConsumer drops) {
    this.fields = fields;
    this.bdd = fields.bdd;
    this.rules = rules;
    this.state = state;
    this.reply = reply;
    this.known = known;
    this.drops = drops;
    this.marks = new Marks(fields);
    this.unknowns = fields.unknowns;
  }

  static Map<Condition, Integer> conditions() {
    return new IdentityHashMap<>();
  }

  /** Whether something that was not understood was met. */
  boolean metUnknown() {
    return unknowns > fields.unknowns;
  }

  /**
   * How a chain was left.
   *
   * @param returned the packets that came to its end or were sent back
   * @param accepted those that left the stage
   * @param dropped those among all that were dropped
   */
  private record Exits(int returned, int accepted, int dropped) {}

  void run() {
    for (Stage stage : rules.stages()) {
      int here = bdd.minus(set(stage.applies()), lost);
      if (here == Bdd.FALSE) {
        continue;
      }
      Exits exits = walk(stage.chain(), here);
      if (stage.otherwise() == Ending.DROP) {
        drop(exits.returned());
      }
    }
  }

  private void drop(int packets) {
    if (packets != Bdd.FALSE) {
      drops.accept(packets);
    }
  }

  private Exits walk(String chain, int packets) {
    int here = packets;
    int returned = Bdd.FALSE;
    int accepted = Bdd.FALSE;
    int dropped = Bdd.FALSE;
    List<Rule> list = rules.chain(chain).rules();
    for (int i = 0; i < list.size() && here != Bdd.FALSE; i++) {
      Rule rule = list.get(i);
      int hit = meeting(here, rule.condition());
      if (hit == Bdd.FALSE) {
        continue;
      }
      Action action = rule.action();
      if (action instanceof Action.Accept) {
        accepted = bdd.or(accepted, hit);
        here = bdd.minus(here, hit);
      } else if (action instanceof Action.Drop) {
        drop(hit);
        dropped = bdd.or(dropped, hit);
      } else if (action instanceof Action.Return) {
        returned = bdd.or(returned, hit);
        here = bdd.minus(here, hit);
      } else if (action instanceof Action.Jump jump) {
        Exits exits = walk(jump.chain(), hit);
        accepted = bdd.or(accepted, exits.accepted());
        dropped = bdd.or(dropped, exits.dropped());
        here = exits.returned() == hit ? here : bdd.or(bdd.minus(here, hit), exits.returned());
      } else if (action instanceof Action.Goto go) {
        Exits exits = walk(go.chain(), hit);
        accepted = bdd.or(accepted, exits.accepted());
        dropped = bdd.or(dropped, exits.dropped());
        returned = bdd.or(returned, exits.returned());
        here = bdd.minus(here, hit);
      } else if (action instanceof Action.SetMark set) {
        marks.set(hit, set.value(), set.mask());
      } else if (action instanceof Action.MapMark map) {
        if (!map.entries().isEmpty()) {
          marks.map(hit, map);
        }
      } else if (action instanceof Action.Unknown) {
        drop(bdd.and(hit, unknown()));
        lost = bdd.or(lost, hit);
        here = bdd.minus(here, hit);
      }
    }
    return simplest(bdd.or(returned, here), accepted, dropped);
  }

  /** Lets the dropped packets leave together with the others where these leave in one way only. */
  private Exits simplest(int returned, int accepted, int dropped) {
    if (accepted == Bdd.FALSE || dropped == Bdd.FALSE) {
      return new Exits(returned, accepted, dropped);
    }
    if (bdd.minus(returned, dropped) == Bdd.FALSE) {
      return new Exits(Bdd.FALSE, bdd.or(accepted, returned), dropped);
    }
    if (bdd.minus(accepted, dropped) == Bdd.FALSE) {
      return new Exits(bdd.or(accepted, returned), Bdd.FALSE, dropped);
    }
    return new Exits(returned, accepted, dropped);
  }

  private int unknown() {
    return bdd.node(unknowns++, Bdd.FALSE, Bdd.TRUE);
  }

  private int meeting(int packets, Condition condition) {
    if (condition instanceof Condition.All all) {
      int rest = packets;
      for (Condition part : all.conditions()) {
        rest = bdd.and(rest, set(part));
      }
      return rest;
    }
    return bdd.and(packets, set(condition));
  }

  /** The packets, by the marks they bear now, that meet a condition. */
  int set(Condition condition) {
    Integer before = known.get(condition);
    if (before != null) {
      return before;
    }
    Evaluation evaluation = new Evaluation();
    int result = condition.on(evaluation);
    if (evaluation.lasting) {
      known.put(condition, result);
    }
    return result;
  }

  private final class Evaluation implements Condition.Cases<Integer> {
    private boolean lasting = true;

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

    @Override
    public Integer any(Condition.Any any) {
      int[] parts = new int[any.conditions().size()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = of(any.conditions().get(i));
      }
      return bdd.or(parts, 0, parts.length);
    }

    @Override
    public Integer not(Condition.Not not) {
      return Bdd.not(of(not.condition()));
    }

    @Override
    public Integer source(Condition.Source source) {
      return fields.source(source.addresses());
    }

    @Override
    public Integer destination(Condition.Destination destination) {
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
      return marks.equal(mark.value(), mark.mask());
    }

    @Override
    public Integer state(Condition.State wanted) {
      lasting = false;
      return wanted.states().contains(state) ? Bdd.TRUE : Bdd.FALSE;
    }

    @Override
    public Integer reply(Condition.Reply wanted) {
      lasting = false;
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
      return Walk.this.unknown();
    }
  }
}
