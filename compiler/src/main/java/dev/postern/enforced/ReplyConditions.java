package dev.postern.enforced;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a condition on an answer says of the packet that is answered: ends are exchanged, an echo reply answers an echo request. */
public final class ReplyConditions implements Condition.Cases<Condition> {

  /** Answer by what it answers (RFC 792, RFC 4443). */
  private static final Map<Integer, Integer> ASKED = Map.of(0, 8, 14, 13, 16, 15, 18, 17, 129, 128);

  private static final ReplyConditions EXCHANGED = new ReplyConditions();

  private ReplyConditions() {}

  /** A condition that holds for a packet where the given one holds for its answer. Conditions on states and marks stay as they are. */
  public static Condition of(Condition condition) {
    return condition.on(EXCHANGED);
  }

  @Override
  public Condition all(Condition.All all) {
    return Condition.all(
        all.conditions().stream().map(ReplyConditions::of).toArray(Condition[]::new));
  }

  @Override
  public Condition any(Condition.Any any) {
    return Condition.any(
        any.conditions().stream().map(ReplyConditions::of).toArray(Condition[]::new));
  }

  @Override
  public Condition not(Condition.Not not) {
    return new Condition.Not(of(not.condition()));
  }

  @Override
  public Condition source(Condition.SourceAddress source) {
    return new Condition.DestinationAddress(source.addresses());
  }

  @Override
  public Condition destination(Condition.DestinationAddress destination) {
    return new Condition.SourceAddress(destination.addresses());
  }

  @Override
  public Condition ipProtocol(Condition.IpProtocol protocol) {
    return protocol;
  }

  @Override
  public Condition icmpType(Condition.IcmpType type) {
    Set<Integer> asked = new TreeSet<>();
    for (int answer : type.types()) {
      Integer question = ASKED.get(answer);
      if (question != null) {
        asked.add(question);
      }
    }
    return new Condition.IcmpType(asked);
  }

  @Override
  public Condition sourcePort(Condition.SourcePort port) {
    return new Condition.DestinationPort(port.first(), port.last());
  }

  @Override
  public Condition destinationPort(Condition.DestinationPort port) {
    return new Condition.SourcePort(port.first(), port.last());
  }

  @Override
  public Condition mark(Condition.Mark mark) {
    return mark;
  }

  @Override
  public Condition state(Condition.State state) {
    return state;
  }

  @Override
  public Condition reply(Condition.Reply reply) {
    return reply;
  }

  @Override
  public Condition inInterface(Condition.InInterface in) {
    return new Condition.OutInterface(in.name(), in.prefix());
  }

  @Override
  public Condition outInterface(Condition.OutInterface out) {
    return new Condition.InInterface(out.name(), out.prefix());
  }

  @Override
  public Condition unknown(Condition.Unknown unknown) {
    return unknown;
  }
}
