package dev.postern.openflow.reader;

import dev.postern.openflow.reader.Step.Zone;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of a packet somewhere on its way, whatever packet it is.
 *
 * @param registers what flows wrote
 * @param tracked whether conntrack was asked
 * @param zone the zone that was asked last, 0 before; empty if that is not known
 * @param marked whether the connection's mark was written
 * @param committed the zones in which the connection is remembered
 * @param rewritten what changed the packet's own fields
 * @param passed whether it was sent on
 * @param copied where a copy may have been sent
 * @param later the actions that are kept for the end
 * @param reply whether it is the answer to a packet whose connection nobody remembered, with its own ends exchanged
 * @param depth how many lookups it is inside of that did not lead on to a later table
 */
record State(
    Registers registers,
    boolean tracked,
    OptionalInt zone,
    boolean marked,
    SortedSet<Integer> committed,
    Optional<String> rewritten,
    boolean passed,
    Optional<String> copied,
    List<Step> later,
    boolean reply,
    int depth) {

  static State initial(boolean reply) {
    return new State(
        Registers.INITIAL,
        false,
        OptionalInt.of(0),
        false,
        new TreeSet<>(),
        Optional.empty(),
        false,
        Optional.empty(),
        List.of(),
        reply,
        0);
  }

  State with(Registers other) {
    return new State(
        other, tracked, zone, marked, committed, rewritten, passed, copied, later, reply, depth);
  }

  State only(BigInteger asked) {
    return with(registers.only(asked));
  }

  /** The state of a packet that conntrack was asked about, which is looked up afresh. */
  State tracked(OptionalInt in, boolean nowMarked) {
    return new State(
        registers, true, in, nowMarked, committed, rewritten, passed, copied, later, reply, 0);
  }

  State untracked() {
    return new State(
        registers,
        false,
        OptionalInt.of(0),
        false,
        committed,
        rewritten,
        passed,
        copied,
        later,
        reply,
        depth);
  }

  State at(int otherDepth) {
    return new State(
        registers,
        tracked,
        zone,
        marked,
        committed,
        rewritten,
        passed,
        copied,
        later,
        reply,
        otherDepth);
  }

  /** The number of a zone that an action names; empty if it is not known. */
  OptionalInt number(Zone named) {
    if (named instanceof Zone.Number number) {
      return OptionalInt.of(number.number());
    }
    if (named instanceof Zone.In in) {
      Optional<BigInteger> value = registers.at(in.slot());
      return value.map(v -> OptionalInt.of(v.intValue())).orElseGet(OptionalInt::empty);
    }
    return OptionalInt.empty();
  }

  State committed(int in) {
    SortedSet<Integer> all = new TreeSet<>(committed);
    all.add(in);
    return new State(
        registers, tracked, zone, marked, all, rewritten, passed, copied, later, reply, depth);
  }

  State rewritten(String text) {
    return new State(
        registers,
        tracked,
        zone,
        marked,
        committed,
        rewritten.or(() -> Optional.of(text)),
        passed,
        copied,
        later,
        reply,
        depth);
  }

  State sent() {
    return new State(
        registers, tracked, zone, marked, committed, rewritten, true, copied, later, reply, depth);
  }

  State copied(String text) {
    return new State(
        registers,
        tracked,
        zone,
        marked,
        committed,
        rewritten,
        passed,
        copied.or(() -> Optional.of(text)),
        later,
        reply,
        depth);
  }

  State keeping(List<Step> steps) {
    return new State(
        registers, tracked, zone, marked, committed, rewritten, passed, copied, steps, reply,
        depth);
  }

  /** This state, after something was done with a copy of the packet: what that did outside the packet stays done. */
  State after(State copy) {
    SortedSet<Integer> all = new TreeSet<>(committed);
    all.addAll(copy.committed);
    return new State(
        registers,
        tracked,
        zone,
        marked,
        all,
        rewritten,
        passed || copy.passed,
        copied.or(copy::copied),
        later,
        reply,
        depth);
  }
}
