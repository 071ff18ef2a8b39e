package dev.postern.prove;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import dev.postern.enforced.Action;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * That a packet is dropped by the rules, as a sentence about it: the walk of {@link dev.postern.enforced.Interpreter} with sentences for
 * answers. Shares nothing with the walk over sets.
 */
final class RuleTerms {

  private final Terms terms;
  private final Context context;
  private final EnforcedRules rules;
  private final ConnectionState state;
  private final boolean reply;
  private final List<String> inNames;
  private final List<String> outNames;
  /** Rules that are left out. */
  private final Predicate<Rule> leftOut;

  private final List<BoolExpr> dropped = new ArrayList<>();
  private BitVecExpr mark;
  private int unknowns;

  RuleTerms(
      Terms terms,
      EnforcedRules rules,
      ConnectionState state,
      boolean reply,
      List<String> inNames,
      List<String> outNames,
      Predicate<Rule> leftOut) {
    this.terms = terms;
    this.context = terms.context;
    this.rules = rules;
    this.state = state;
    this.reply = reply;
    this.inNames = inNames;
    this.outNames = outNames;
    this.leftOut = leftOut;
    this.mark = context.mkBV(0, 32);
  }

  /** What has become of the packets that entered a chain, besides those dropped. */
  private record Left(BoolExpr returned, BoolExpr accepted) {}

  /** That the rules drop the packet. */
  BoolExpr dropped() {
    BoolExpr alive = terms.yes();
    for (Stage stage : rules.stages()) {
      BoolExpr applies = condition(stage.applies());
      BoolExpr inside = terms.and(alive, applies);
      Left left = walk(stage.chain(), inside);
      BoolExpr passed = left.accepted();
      if (stage.otherwise() == Ending.DROP) {
        dropped.add(left.returned());
      } else {
        passed = terms.or(passed, left.returned());
      }
      alive = terms.or(passed, terms.and(alive, terms.not(applies)));
    }
    return terms.or(dropped);
  }

  private Left walk(String chain, BoolExpr entering) {
    BoolExpr here = entering;
    List<BoolExpr> returned = new ArrayList<>();
    List<BoolExpr> accepted = new ArrayList<>();
    for (Rule rule : rules.chain(chain).rules()) {
      if (here.isFalse()) {
        break;
      }
      if (leftOut.test(rule)) {
        continue;
      }
      BoolExpr meets = condition(rule.condition());
      BoolExpr hit = terms.and(here, meets);
      if (hit.isFalse()) {
        continue;
      }
      BoolExpr past = terms.and(here, terms.not(meets));
      Action action = rule.action();
      if (action instanceof Action.Accept) {
        accepted.add(hit);
        here = past;
      } else if (action instanceof Action.Drop) {
        dropped.add(hit);
        here = past;
      } else if (action instanceof Action.Return) {
        returned.add(hit);
        here = past;
      } else if (action instanceof Action.Jump jump) {
        Left left = walk(jump.chain(), hit);
        accepted.add(left.accepted());
        here = terms.or(past, left.returned());
      } else if (action instanceof Action.Goto go) {
        Left left = walk(go.chain(), hit);
        accepted.add(left.accepted());
        returned.add(left.returned());
        here = past;
      } else if (action instanceof Action.SetMark set) {
        mark = mark(hit, set.value(), set.mask());
      } else if (action instanceof Action.MapMark map) {
        mapMark(hit, map);
      } else if (action instanceof Action.Unknown) {
        dropped.add(terms.and(hit, unknown()));
        here = past;
      }
    }
    returned.add(here);
    return new Left(terms.or(returned), terms.or(accepted));
  }

  private void mapMark(BoolExpr hit, Action.MapMark map) {
    BitVecExpr result = mark;
    // From the last to the first, so that the first that holds the address counts.
    for (int i = map.entries().size() - 1; i >= 0; i--) {
      Action.MapMark.Entry entry = map.entries().get(i);
      BoolExpr holds = terms.in(map.source(), entry.addresses());
      if (!holds.isFalse()) {
        result = ite(holds, marked(entry.value(), entry.mask()), result);
      }
    }
    mark = ite(hit, result, mark);
  }

  private BitVecExpr mark(BoolExpr hit, int value, int mask) {
    return ite(hit, marked(value, mask), mark);
  }

  private BitVecExpr marked(int value, int mask) {
    return mask == -1
        ? context.mkBV(value, 32)
        : context.mkBVXOR(context.mkBVAND(mark, context.mkBV(~mask, 32)), context.mkBV(value, 32));
  }

  private BitVecExpr ite(BoolExpr condition, BitVecExpr then, BitVecExpr otherwise) {
    return condition.isTrue()
        ? then
        : condition.isFalse() ? otherwise : (BitVecExpr) context.mkITE(condition, then, otherwise);
  }

  private BoolExpr unknown() {
    return context.mkBoolConst("not_understood_" + unknowns++);
  }

  boolean metUnknown() {
    return unknowns > 0;
  }

  BoolExpr condition(Condition condition) {
    return condition.on(new Condition.Cases<>() {
      @Override
      public BoolExpr all(Condition.All all) {
        List<BoolExpr> parts = new ArrayList<>();
        for (Condition part : all.conditions()) {
          BoolExpr term = condition(part);
          if (term.isFalse()) {
            return term;
          }
          parts.add(term);
        }
        return terms.and(parts);
      }

      @Override
      public BoolExpr any(Condition.Any any) {
        return terms.or(any.conditions().stream().map(RuleTerms.this::condition).toList());
      }

      @Override
      public BoolExpr not(Condition.Not not) {
        return terms.not(condition(not.condition()));
      }

      @Override
      public BoolExpr source(Condition.Source source) {
        return terms.in(true, source.addresses());
      }

      @Override
      public BoolExpr destination(Condition.Destination destination) {
        return terms.in(false, destination.addresses());
      }

      @Override
      public BoolExpr ipProtocol(Condition.IpProtocol protocol) {
        return terms.anyOf(terms.protocol, protocol.numbers());
      }

      @Override
      public BoolExpr icmpType(Condition.IcmpType type) {
        return terms.and(
            terms.protocol(Packet.icmp(terms.family)), terms.anyOf(terms.icmpType, type.types()));
      }

      @Override
      public BoolExpr sourcePort(Condition.SourcePort port) {
        return terms.and(
            terms.hasPorts(), terms.between(terms.sourcePort, port.first(), port.last()));
      }

      @Override
      public BoolExpr destinationPort(Condition.DestinationPort port) {
        return terms.and(
            terms.hasPorts(), terms.between(terms.destinationPort, port.first(), port.last()));
      }

      @Override
      public BoolExpr mark(Condition.Mark wanted) {
        return context.mkEq(
            context.mkBVAND(mark, context.mkBV(wanted.mask(), 32)),
            context.mkBV(wanted.value(), 32));
      }

      @Override
      public BoolExpr state(Condition.State wanted) {
        return wanted.states().contains(state) ? terms.yes() : terms.no();
      }

      @Override
      public BoolExpr reply(Condition.Reply wanted) {
        return reply ? terms.yes() : terms.no();
      }

      @Override
      public BoolExpr inInterface(Condition.InInterface in) {
        return interfaces(terms.inInterface, inNames, in.name(), in.prefix());
      }

      @Override
      public BoolExpr outInterface(Condition.OutInterface out) {
        return interfaces(terms.outInterface, outNames, out.name(), out.prefix());
      }

      @Override
      public BoolExpr unknown(Condition.Unknown wanted) {
        return RuleTerms.this.unknown();
      }
    });
  }

  private BoolExpr interfaces(BitVecExpr field, List<String> names, String wanted, boolean prefix) {
    List<BoolExpr> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (Condition.named(names.get(i), wanted, prefix)) {
        parts.add(terms.is(field, i));
      }
    }
    return terms.or(parts);
  }
}
