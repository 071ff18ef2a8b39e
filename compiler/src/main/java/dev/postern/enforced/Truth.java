package dev.postern.enforced;

import dev.postern.enforced.Condition.All;
import dev.postern.enforced.Condition.Any;
import dev.postern.enforced.Condition.DestinationPort;
import dev.postern.enforced.Condition.IcmpType;
import dev.postern.enforced.Condition.InInterface;
import dev.postern.enforced.Condition.IpProtocol;
import dev.postern.enforced.Condition.Mark;
import dev.postern.enforced.Condition.Not;
import dev.postern.enforced.Condition.OutInterface;
import dev.postern.enforced.Condition.Reply;
import dev.postern.enforced.Condition.SourcePort;
import dev.postern.enforced.Condition.State;
import dev.postern.enforced.Condition.Unknown;

/** Whether a condition holds for a packet: yes, no, or it depends on what the reader did not understand. */
enum Truth {
  NO,
  UNKNOWN,
  YES;

  /** Whether a condition holds for a packet that bears this mark by now. */
  static Truth of(Condition condition, Packet packet, PacketMark mark) {
    return condition.on(new Condition.Cases<>() {
      @Override
      public Truth all(All all) {
        Truth least = YES;
        for (Condition part : all.conditions()) {
          Truth truth = of(part, packet, mark);
          least = truth.compareTo(least) < 0 ? truth : least;
        }
        return least;
      }

      @Override
      public Truth any(Any any) {
        Truth most = NO;
        for (Condition part : any.conditions()) {
          Truth truth = of(part, packet, mark);
          most = truth.compareTo(most) > 0 ? truth : most;
        }
        return most;
      }

      @Override
      public Truth not(Not not) {
        return switch (of(not.condition(), packet, mark)) {
          case NO -> YES;
          case UNKNOWN -> UNKNOWN;
          case YES -> NO;
        };
      }

      @Override
      public Truth source(Condition.SourceAddress source) {
        return of(source.addresses().contains(packet.source()));
      }

      @Override
      public Truth destination(Condition.DestinationAddress destination) {
        return of(destination.addresses().contains(packet.destination()));
      }

      @Override
      public Truth ipProtocol(IpProtocol protocol) {
        return of(protocol.numbers().contains(packet.protocol()));
      }

      @Override
      public Truth icmpType(IcmpType type) {
        return of(packet.isIcmp() && type.types().contains(packet.icmpType()));
      }

      @Override
      public Truth sourcePort(SourcePort port) {
        return of(Packet.hasPorts(packet.protocol())
            && port.first() <= packet.sourcePort()
            && packet.sourcePort() <= port.last());
      }

      @Override
      public Truth destinationPort(DestinationPort port) {
        return of(Packet.hasPorts(packet.protocol())
            && port.first() <= packet.destinationPort()
            && packet.destinationPort() <= port.last());
      }

      @Override
      public Truth mark(Mark wanted) {
        return mark.is(wanted);
      }

      @Override
      public Truth state(State state) {
        return of(state.states().contains(packet.state()));
      }

      @Override
      public Truth reply(Reply reply) {
        return of(packet.reply());
      }

      @Override
      public Truth inInterface(InInterface in) {
        return of(Condition.named(packet.inInterface(), in.name(), in.prefix()));
      }

      @Override
      public Truth outInterface(OutInterface out) {
        return of(Condition.named(packet.outInterface(), out.name(), out.prefix()));
      }

      @Override
      public Truth unknown(Unknown unknown) {
        return UNKNOWN;
      }
    });
  }

  private static Truth of(boolean holds) {
    return holds ? YES : NO;
  }
}
