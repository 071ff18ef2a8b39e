package dev.postern.openflow.reader;

import java.math.BigInteger;
import java.util.OptionalInt;

/** The mark and the label of a new connection: each zone has its own, and flows write them where they ask conntrack. */
final class ConnectionMarks {

  private ConnectionMarks() {}

  /** What is known of a connection's mark in a zone, and after an action wrote it. */
  static PacketState after(FlowStep.Conntrack ct, PacketState at, OptionalInt zone) {
    PacketState state = at;
    boolean same = state.tracked() && zone.isPresent() && zone.equals(state.zone());
    if (!same) {
      Registers fresh = state.registers().forget(Registers.CONNECTION);
      MaskedBits none = new MaskedBits(BigInteger.ZERO, Registers.CONNECTION.mask());
      state = state.with(state.marked() ? fresh : fresh.set(none));
    }
    for (FlowStep step : ct.marking()) {
      Registers registers = state.registers();
      if (step instanceof FlowStep.Write write) {
        registers = registers.set(write.bits());
      } else if (step instanceof FlowStep.Copy copy) {
        registers = registers.copy(copy.from(), copy.to());
      } else {
        registers = registers.forget(
            step instanceof FlowStep.Forget forget ? forget.slot() : Registers.CONNECTION);
      }
      state = state.with(registers).marking();
    }
    return state;
  }
}
