package dev.postern.openflow.reader;

import dev.postern.openflow.reader.FlowStep.Zone;
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
 * @param answers the zones that remember the connection, if it is the answer to a packet, with its own ends exchanged, whose connection not all
 *     zones remember; empty if it is none
 * @param depth how many lookups it is inside of that did not lead on to a later table
 */
record PacketState(
    Registers registers,
    boolean tracked,
    OptionalInt zone,
    boolean marked,
    SortedSet<Integer> committed,
    Optional<String> rewritten,
    boolean passed,
    Optional<String> copied,
    List<FlowStep> later,
    Optional<SortedSet<Integer>> answers,
    int depth) {

  /** @param answers the zones that remember the connection of an answer; empty for a packet that is none */
  static PacketState initial(Optional<SortedSet<Integer>> answers) {
    return new PacketState(
        Registers.INITIAL,
        false,
        OptionalInt.of(0),
        false,
        new TreeSet<>(),
        Optional.empty(),
        false,
        Optional.empty(),
        List.of(),
        answers,
        0);
  }

  // What a record generates for this costs more than all else that tables of flows take to read.
  @Override
  public int hashCode() {
    int hash = 31 * registers.value().hashCode() + registers.known().hashCode();
    return 31 * (31 * hash + committed.size()) + (tracked ? 4 : 0) + (marked ? 2 : 0) + depth;
  }

  /** Whether it is an answer. */
  boolean reply() {
    return answers.isPresent();
  }

  /** Whether the zone that was asked last remembers an answer's connection. */
  boolean isRemembered() {
    return answers.isPresent() && zone.isPresent() && answers.get().contains(zone.getAsInt());
  }

  PacketState with(Registers other) {
    return new PacketState(
        other, tracked, zone, marked, committed, rewritten, passed, copied, later, answers, depth);
  }

  PacketState only(BigInteger asked) {
    return with(registers.only(asked));
  }

  /** Only what flows can match. */
  PacketState matched() {
    return new PacketState(
        registers,
        tracked,
        zone,
        false,
        new TreeSet<>(),
        rewritten,
        false,
        Optional.empty(),
        List.of(),
        answers,
        0);
  }

  /** The state of a packet that conntrack was asked about, which is looked up afresh. */
  PacketState tracked(OptionalInt in) {
    return new PacketState(
        registers, true, in, marked, committed, rewritten, passed, copied, later, answers, 0);
  }

  /** The state of a packet whose connection gets a mark, which it has from then on, whoever asks for it later. */
  PacketState marking() {
    return new PacketState(
        registers, tracked, zone, true, committed, rewritten, passed, copied, later, answers,
        depth);
  }

  PacketState untracked() {
    return new PacketState(
        registers,
        false,
        OptionalInt.of(0),
        marked,
        committed,
        rewritten,
        passed,
        copied,
        later,
        answers,
        depth);
  }

  PacketState at(int otherDepth) {
    return new PacketState(
        registers,
        tracked,
        zone,
        marked,
        committed,
        rewritten,
        passed,
        copied,
        later,
        answers,
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

  PacketState committed(int in) {
    SortedSet<Integer> all = new TreeSet<>(committed);
    all.add(in);
    return new PacketState(
        registers, tracked, zone, marked, all, rewritten, passed, copied, later, answers, depth);
  }

  PacketState rewritten(String text) {
    return new PacketState(
        registers,
        tracked,
        zone,
        marked,
        committed,
        rewritten.or(() -> Optional.of(text)),
        passed,
        copied,
        later,
        answers,
        depth);
  }

  PacketState sent() {
    return new PacketState(
        registers, tracked, zone, marked, committed, rewritten, true, copied, later, answers,
        depth);
  }

  PacketState copied(String text) {
    return new PacketState(
        registers,
        tracked,
        zone,
        marked,
        committed,
        rewritten,
        passed,
        copied.or(() -> Optional.of(text)),
        later,
        answers,
        depth);
  }

  /** The state of a packet that is sent on; of what it is now this is not clear if its own fields were changed. */
  PacketState forwarded(String text) {
    return rewritten.isPresent() ? copied(text) : sent();
  }

  /** Whether neither it nor a copy was sent anywhere, nor its connection remembered. */
  boolean isUntouched() {
    return !passed && copied.isEmpty() && committed.isEmpty();
  }

  PacketState keeping(List<FlowStep> steps) {
    return new PacketState(
        registers, tracked, zone, marked, committed, rewritten, passed, copied, steps, answers,
        depth);
  }

  /** This state, after something was done with a copy of the packet: what that did outside the packet stays done. */
  PacketState after(PacketState copy) {
    SortedSet<Integer> all = new TreeSet<>(committed);
    all.addAll(copy.committed);
    return new PacketState(
        registers,
        tracked,
        zone,
        marked || copy.marked,
        all,
        rewritten,
        passed || copy.passed,
        copied.or(copy::copied),
        later,
        answers,
        depth);
  }
}
