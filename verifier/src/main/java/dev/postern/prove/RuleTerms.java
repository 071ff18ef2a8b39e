package dev.postern.prove;

import static dev.postern.prove.Sentence.all;
import static dev.postern.prove.Sentence.any;
import static dev.postern.prove.Sentence.in;
import static dev.postern.prove.Sentence.not;

import dev.postern.deadline.Deadline;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.Packet;
import dev.postern.enforced.RuleAction;
import dev.postern.prove.Sentence.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * That a packet is dropped by the rules, as a sentence about it: the walk of {@link dev.postern.enforced.Interpreter} with sentences for
 * answers. Shares nothing with the walk over sets.
 */
final class RuleTerms {

  private final Packets packets;
  private final RelevantRules relevant;
  private final ConnectionState state;
  private final boolean reply;
  private final Ending userSpace;
  private final List<String> inNames;
  private final List<String> outNames;

  private final List<Sentence> dropped = new ArrayList<>();
  /** What packets bear where a condition is asked about. */
  private MarkTerms mark = MarkTerms.none();

  private int unknowns;

  /** @param userSpace what programs in user space decide of packets that rules hand to them */
  RuleTerms(
      Packets packets,
      RelevantRules relevant,
      ConnectionState state,
      boolean reply,
      Ending userSpace,
      List<String> inNames,
      List<String> outNames) {
    this.packets = packets;
    this.relevant = relevant;
    this.state = state;
    this.reply = reply;
    this.userSpace = userSpace;
    this.inNames = inNames;
    this.outNames = outNames;
  }

  /** Packets at the same place: when a packet is one of them, and what mark it bears then. */
  private record Group(Sentence here, MarkTerms mark) {

    Group and(Group other) {
      return here == Sentence.NO
          ? other
          : other.here() == Sentence.NO
              ? this
              : new Group(any(here, other.here()), mark.where(here, other.mark()));
    }
  }

  private final Group nobody = new Group(Sentence.NO, MarkTerms.none());

  /** What has become of the packets that entered a chain, besides those dropped. */
  private record Left(Group returned, Group accepted) {}

  /** That the rules drop the packet. */
  Sentence dropped() {
    Group alive = new Group(Sentence.YES, MarkTerms.none());
    for (Stage stage : relevant.rules.stages()) {
      mark = alive.mark();
      Sentence applies = condition(stage.applies());
      Left left = walk(stage.chain(), new Group(all(alive.here(), applies), alive.mark()));
      Group passed = left.accepted();
      if (stage.otherwise() == Ending.DROP) {
        dropped.add(left.returned().here());
      } else {
        passed = passed.and(left.returned());
      }
      alive = passed.and(new Group(all(alive.here(), not(applies)), alive.mark()));
    }
    mark = alive.mark();
    return any(dropped);
  }

  /** That a packet which takes a jump is accepted in its chain, whatever mark it came with. */
  Sentence acceptedAfter(String chain) {
    Left left = walk(chain, new Group(Sentence.YES, MarkTerms.none().lose(-1, this::unknown)));
    return left.accepted().here();
  }

  private Left walk(String chain, Group entering) {
    Group here = entering;
    Group returned = nobody;
    Group accepted = nobody;
    List<EnforcedRule> rules = relevant.rules(chain, packets);
    for (int i = 0; i < rules.size() && here.here() != Sentence.NO; i++) {
      Deadline.current().check();
      EnforcedRule rule = rules.get(i);
      mark = here.mark();
      List<Sentence> ways = new ArrayList<>();
      ways.add(condition(rule.condition()));
      for (; isLike(rule, rules, i + 1); i++) {
        ways.add(condition(rules.get(i + 1).condition()));
      }
      Sentence meets = any(ways);
      Group hit = new Group(all(here.here(), meets), here.mark());
      if (hit.here() == Sentence.NO) {
        continue;
      }
      Group past = new Group(all(here.here(), not(meets)), here.mark());
      RuleAction action = rule.action();
      boolean queued = action instanceof RuleAction.Queue;
      if (action instanceof RuleAction.Accept || queued && userSpace == Ending.ACCEPT) {
        accepted = accepted.and(hit);
        here = past;
      } else if (action instanceof RuleAction.Drop || queued) {
        dropped.add(hit.here());
        here = past;
      } else if (action instanceof RuleAction.Return) {
        returned = returned.and(hit);
        here = past;
      } else if (action instanceof RuleAction.Jump jump) {
        Left left = walk(jump.chain(), hit);
        accepted = accepted.and(left.accepted());
        here = left.returned().here() == hit.here()
            ? new Group(here.here(), left.returned().mark().where(meets, here.mark()))
            : left.returned().and(past);
      } else if (action instanceof RuleAction.Goto go) {
        Left left = walk(go.chain(), hit);
        accepted = accepted.and(left.accepted());
        returned = returned.and(left.returned());
        here = past;
      } else if (action instanceof RuleAction.SetMark set) {
        MarkTerms marked = here.mark().set(set.value(), set.mask());
        here = new Group(here.here(), marked.where(meets, here.mark()));
      } else if (action instanceof RuleAction.MapMark map) {
        MarkTerms marked = here.mark().map(relevant.table(map, packets));
        here = new Group(here.here(), marked.where(meets, here.mark()));
      } else if (action instanceof RuleAction.UnknownMark lost) {
        MarkTerms marked = here.mark().lose(lost.mask(), this::unknown);
        here = new Group(here.here(), marked.where(meets, here.mark()));
      } else if (action instanceof RuleAction.Unknown) {
        dropped.add(all(hit.here(), unknown()));
        here = past;
      }
    }
    returned = returned.and(here);
    // Who is dropped may as well walk on: out of a chain that does no more than that all come back.
    return relevant.isQuiet(chain)
        ? new Left(new Group(entering.here(), returned.mark()), nobody)
        : new Left(returned, accepted);
  }

  /** Whether the next rule marks alike, so that both are one: whom the first marks the next need not. */
  private static boolean isLike(EnforcedRule rule, List<EnforcedRule> rules, int next) {
    return rule.action() instanceof RuleAction.SetMark set
        && next < rules.size()
        && (set.value() & ~set.mask()) == 0
        && rules.get(next).action().equals(set);
  }

  private Sentence unknown() {
    return new Sentence.Unknown(unknowns++);
  }

  Sentence condition(Condition condition) {
    return condition.on(new Condition.Cases<>() {
      @Override
      public Sentence all(Condition.All all) {
        List<Sentence> parts = new ArrayList<>();
        for (Condition part : all.conditions()) {
          Sentence sentence = condition(part);
          if (sentence == Sentence.NO) {
            return sentence;
          }
          parts.add(sentence);
        }
        return Sentence.all(parts);
      }

      @Override
      public Sentence any(Condition.Any any) {
        return Sentence.any(
            relevant.parts(any, packets).stream().map(RuleTerms.this::condition).toList());
      }

      @Override
      public Sentence not(Condition.Not not) {
        return Sentence.not(condition(not.condition()));
      }

      @Override
      public Sentence source(Condition.SourceAddress source) {
        return packets.source(source.addresses());
      }

      @Override
      public Sentence destination(Condition.DestinationAddress destination) {
        return packets.destination(destination.addresses());
      }

      @Override
      public Sentence ipProtocol(Condition.IpProtocol protocol) {
        return in(Field.PROTOCOL, new TreeSet<>(protocol.numbers()));
      }

      @Override
      public Sentence icmpType(Condition.IcmpType type) {
        return Sentence.all(
            Packets.protocol(Packet.icmp(packets.family)),
            in(Field.ICMP_TYPE, new TreeSet<>(type.types())));
      }

      @Override
      public Sentence sourcePort(Condition.SourcePort port) {
        return Sentence.all(Packets.hasPorts(), in(Field.SOURCE_PORT, port.first(), port.last()));
      }

      @Override
      public Sentence destinationPort(Condition.DestinationPort port) {
        return Sentence.all(
            Packets.hasPorts(), in(Field.DESTINATION_PORT, port.first(), port.last()));
      }

      @Override
      public Sentence mark(Condition.Mark wanted) {
        return mark.equal(wanted.value(), wanted.mask());
      }

      @Override
      public Sentence state(Condition.State wanted) {
        return wanted.states().contains(state) ? Sentence.YES : Sentence.NO;
      }

      @Override
      public Sentence reply(Condition.Reply wanted) {
        return reply ? Sentence.YES : Sentence.NO;
      }

      @Override
      public Sentence inInterface(Condition.InInterface in) {
        return interfaces(Field.IN_INTERFACE, inNames, in.name(), in.prefix());
      }

      @Override
      public Sentence outInterface(Condition.OutInterface out) {
        return interfaces(Field.OUT_INTERFACE, outNames, out.name(), out.prefix());
      }

      @Override
      public Sentence unknown(Condition.Unknown wanted) {
        return RuleTerms.this.unknown();
      }
    });
  }

  private static Sentence interfaces(
      Field field, List<String> names, String wanted, boolean prefix) {
    List<Integer> matching = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (Condition.named(names.get(i), wanted, prefix)) {
        matching.add(i);
      }
    }
    return in(field, matching);
  }
}
