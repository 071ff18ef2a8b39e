package dev.postern.openflow.reader;

import dev.postern.openflow.reader.Registers.Slot;
import java.util.List;
import java.util.Optional;

/** One action of a flow, as far as it decides what becomes of a packet (ovs-actions(7)). */
sealed interface Step {

  /** Changes nothing that decides: counters, queues, notes. */
  record Nothing() implements Step {}

  /** Forwards as a switch does, or to all ports. */
  record Forward() implements Step {}

  /** Sends the packet to one port. */
  record Output(String text) implements Step {}

  /** Hands a copy to somebody who may send it on: the controller, a group of the switch's own. */
  record Elsewhere(String text) implements Step {}

  /** Writes bits that flows keep for themselves. */
  record Write(Bits bits) implements Step {}

  /** Copies such bits. */
  record Copy(Slot from, Slot to) implements Step {}

  /** Writes there what is not known. */
  record Forget(Slot slot) implements Step {}

  /** Changes the packet's own addresses, ports or protocol. */
  record Rewrite(String text) implements Step {}

  /** Changes where the frame goes: Ethernet addresses, VLANs. */
  record Reframe(String text) implements Step {}

  /** Looks the packet up in a table, then goes on with the next action. */
  record Resubmit(int table, Optional<String> inPort) implements Step {}

  /** Goes on in a table. */
  record Goto(int table) implements Step {}

  /**
   * Asks conntrack.
   *
   * @param zone its zone
   * @param commit whether the connection is remembered
   * @param table where a copy of the packet goes on that knows its connection
   * @param translates whether it may change addresses
   * @param marks whether it writes the connection's mark or label
   */
  record Conntrack(
      Zone zone, boolean commit, Optional<Integer> table, boolean translates, boolean marks)
      implements Step {}

  /** Forgets what conntrack said. */
  record Untrack() implements Step {}

  /** Does these with a copy. */
  record Clone(List<Step> steps) implements Step {}

  /** Does these now. */
  record Apply(List<Step> steps) implements Step {}

  /** Ends all that was to come. */
  record Exit() implements Step {}

  /** Keeps these for the end of all tables. */
  record Later(List<Step> steps) implements Step {}

  /** Forgets what was kept for the end. */
  record NothingLater() implements Step {}

  /** Adds flows to a table, of a priority. */
  record Learn(int table, int priority, String text) implements Step {}

  /** Makes the flow an alternative of clause {@code clause} of {@code clauses}. */
  record Conjunction(long id, int clause, int clauses) implements Step {}

  /** What is not understood. */
  record Unknown(String text) implements Step {}

  /** A zone of conntrack: a number, or bits that hold it. */
  sealed interface Zone {
    record Number(int number) implements Zone {}

    record In(Slot slot) implements Zone {}

    record Unclear() implements Zone {}
  }

  /** Whether any of these may send the packet anywhere. */
  static boolean mayOutput(List<Step> steps) {
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
