package dev.postern.openflow.reader;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is left to do when the actions at hand are done: actions after a {@code resubmit}, or after what was done with a copy.
 *
 * @param rest the actions
 * @param table the table of the flow that they are of
 * @param depth the depth of the lookup that found the flow
 * @param before the packet of which a copy was made; empty if there was none
 * @param below what is left to do after that
 * @param digest a hash of all of these, since stacks of them are compared for each lookup
 */
record PendingSteps(
    List<FlowStep> rest,
    int table,
    int depth,
    Optional<Copied> before,
    Optional<PendingSteps> below,
    int digest) {

  /**
   * The packet as it was before a copy was made.
   *
   * @param recirculates whether the copy begins anew in the switch, after conntrack was asked
   */
  record Copied(PacketState state, boolean recirculates) {}

  /** Where nothing is to be done afterwards, there is nothing to come back for. */
  static Optional<PendingSteps> push(
      List<FlowStep> rest,
      int table,
      int depth,
      Optional<Copied> before,
      Optional<PendingSteps> below) {
    return rest.isEmpty() && before.isEmpty()
        ? below
        : Optional.of(new PendingSteps(
            rest, table, depth, before, below, digest(rest, table, depth, before, below)));
  }

  private static int digest(
      List<FlowStep> rest,
      int table,
      int depth,
      Optional<Copied> before,
      Optional<PendingSteps> below) {
    int own =
        Objects.hash(rest, table, depth, before.map(it -> it.state.hashCode()).orElse(0));
    return 31 * own + below.map(PendingSteps::digest).orElse(0);
  }

  @Override
  public int hashCode() {
    return digest;
  }

  /** Without recursion: stacks may be as deep as Open vSwitch goes. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof PendingSteps their)) {
      return false;
    }
    PendingSteps mine = this;
    while (mine != their) {
      if (!mine.isAtTop(their) || mine.below.isPresent() != their.below.isPresent()) {
        return false;
      }
      if (mine.below.isEmpty()) {
        return true;
      }
      mine = mine.below.get();
      their = their.below.get();
    }
    return true;
  }

  private boolean isAtTop(PendingSteps other) {
    return digest == other.digest
        && table == other.table
        && depth == other.depth
        && before.equals(other.before)
        && rest.equals(other.rest);
  }

  /** What is left to do after the innermost copy, and where it was made. */
  static Optional<PendingSteps> toCopy(Optional<PendingSteps> frames) {
    Optional<PendingSteps> at = frames;
    while (at.isPresent() && at.get().before().isEmpty()) {
      at = at.get().below();
    }
    return at;
  }

  static int depth(Optional<PendingSteps> frames) {
    int depth = 0;
    for (Optional<PendingSteps> at = frames; at.isPresent(); at = at.get().below) {
      depth++;
    }
    return depth;
  }

  /** How many copies that began anew in the switch the packet is a copy of. */
  static int recirculations(Optional<PendingSteps> frames) {
    int count = 0;
    for (Optional<PendingSteps> at = frames; at.isPresent(); at = at.get().below) {
      count += at.get().before.filter(Copied::recirculates).isPresent() ? 1 : 0;
    }
    return count;
  }

  /** Whether the packet may yet be sent on by what is left to do. */
  static boolean mayOutput(Optional<PendingSteps> frames) {
    return frames.isPresent()
        && (FlowStep.mayOutput(frames.get().rest)
            || frames
                .get()
                .before
                .filter(it -> FlowStep.mayOutput(it.state().later()))
                .isPresent()
            || mayOutput(frames.get().below));
  }

  /** What the rest asks for of the registers that the packet has now. */
  static BigInteger asked(Optional<PendingSteps> frames, Liveness liveness) {
    return frames
        .filter(frame -> frame.before.isEmpty())
        .map(frame -> liveness.before(frame.rest, asked(frame.below, liveness)))
        .orElse(BigInteger.ZERO);
  }
}
