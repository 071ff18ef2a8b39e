package dev.postern.openflow.reader;

import dev.postern.openflow.reader.Registers.Slot;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** One action of a flow, as far as it decides what becomes of a packet (ovs-actions(7)). */
sealed interface FlowStep {

  /** Changes nothing that decides: counters, queues, notes. */
  record Nothing() implements FlowStep {}

  /** Forwards as a switch does, or to all ports. */
  record Forward() implements FlowStep {}

  /**
   * Sends the packet to one port.
   *
   * @param text the port, or the action that names it
   * @param port the bits that hold its number, if some do
   */
  record Output(String text, Optional<Slot> port) implements FlowStep {

    private static final BigInteger NONE = BigInteger.valueOf(0xffff);

    /** Whether the bits that hold the number hold one that no port has (OFPP_NONE of OpenFlow, and 0). */
    boolean isNowhere(Registers registers) {
      return port.flatMap(registers::at)
          .filter(number -> number.signum() == 0 || number.equals(NONE))
          .isPresent();
    }
  }

  /** Hands a copy to somebody who may send it on: the controller, a group of the switch's own. */
  record Elsewhere(String text) implements FlowStep {}

  /** Writes bits that flows keep for themselves. */
  record Write(MaskedBits bits) implements FlowStep {}

  /** Copies such bits. */
  record Copy(Slot from, Slot to) implements FlowStep {}

  /** Writes there what is not known. */
  record Forget(Slot slot) implements FlowStep {}

  /** Changes the packet's own addresses, ports or protocol. */
  record Rewrite(String text) implements FlowStep {}

  /** Changes where the frame goes: Ethernet addresses, VLANs. */
  record Reframe(String text) implements FlowStep {}

  /** Looks the packet up in a table, then goes on with the next action. */
  record Resubmit(int table, Optional<String> inPort) implements FlowStep {}

  /** Goes on in a table. */
  record Goto(int table) implements FlowStep {}

  /**
   * Asks conntrack.
   *
   * @param zone its zone
   * @param commit whether the connection is remembered
   * @param table where a copy of the packet goes on that knows its connection
   * @param translates whether it may change addresses
   * @param marking what writes the connection's mark or label
   */
  record Conntrack(
      Zone zone,
      boolean commit,
      Optional<Integer> table,
      boolean translates,
      List<FlowStep> marking)
      implements FlowStep {
    public Conntrack {
      marking = List.copyOf(marking);
    }
  }

  /** Forgets what conntrack said. */
  record Untrack() implements FlowStep {}

  /** Does these with a copy. */
  record Clone(List<FlowStep> steps) implements FlowStep {}

  /** Does these now. */
  record Apply(List<FlowStep> steps) implements FlowStep {}

  /** Ends all that was to come. */
  record Exit() implements FlowStep {}

  /** Keeps these for the end of all tables. */
  record Later(List<FlowStep> steps) implements FlowStep {}

  /** Forgets what was kept for the end. */
  record NothingLater() implements FlowStep {}

  /**
   * Adds flows to a table, of a priority.
   *
   * @param result where it writes whether it did, if it does
   */
  record Learn(int table, int priority, Optional<Slot> result, String text) implements FlowStep {}

  /** Makes the flow an alternative of clause {@code clause} of {@code clauses}. */
  record Conjunction(long id, int clause, int clauses) implements FlowStep {}

  /** What is not understood. */
  record Unknown(String text) implements FlowStep {}

  /** A zone of conntrack: a number, or bits that hold it. */
  sealed interface Zone {
    record Number(int number) implements Zone {}

    record In(Slot slot) implements Zone {}

    record Unclear() implements Zone {}
  }

  /** Whether any of these changes addresses where conntrack is asked. */
  static boolean translates(List<FlowStep> steps) {
    return steps.stream()
        .anyMatch(step -> (step instanceof Conntrack ct && ct.translates())
            || (step instanceof Clone clone && translates(clone.steps()))
            || (step instanceof Apply apply && translates(apply.steps())));
  }

  /** Whether any of these may send the packet anywhere. */
  static boolean mayOutput(List<FlowStep> steps) {
    return steps.stream()
        .anyMatch(step -> step instanceof Forward
            || step instanceof Output
            || step instanceof Elsewhere
            || step instanceof Resubmit
            || step instanceof Goto
            || step instanceof Clone
            || step instanceof Apply
            || step instanceof Later
            || step instanceof Unknown
            || (step instanceof Conntrack ct && ct.table().isPresent()));
  }
}
