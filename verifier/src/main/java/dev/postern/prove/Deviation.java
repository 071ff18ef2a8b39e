package dev.postern.prove;

import dev.postern.backend.Obligation;
import java.util.Comparator;
import java.util.Optional;

/**
 * A kind of difference, with a packet that shows it.
 *
 * @param obligation what kind of packets; empty for TCP, UDP and SCTP of pods, which the policies are about
 * @param witness a packet of the kind
 * @param extent where else; empty for what a pod sends to itself, and where there was no time to count
 */
public record Deviation(
    Optional<Obligation> obligation, PacketDifference witness, Optional<Extent> extent) {

  /** The gravest first: what policies deny and the rules let pass, before what the rules lose, before what is no matter of policies. */
  public static final Comparator<Deviation> GRAVEST = Comparator.comparing(
          (Deviation cause) -> cause.obligation().isPresent())
      .thenComparing(cause -> !cause.isMoreOpen())
      .thenComparing(cause -> cause.obligation().map(Enum::ordinal).orElse(0));

  /** Whether Kubernetes says nothing of such packets: those of protocols other than TCP, UDP and SCTP. */
  public boolean isUndefined() {
    return obligation.filter(Obligation::isUndefined).isPresent();
  }

  /** Whether the rules let pass more than the policies; else they let pass less. */
  public boolean isMoreOpen() {
    return !witness.shouldPass();
  }

  /** Whether another one is of the same kind and to the same side. */
  boolean isLike(Deviation other) {
    return obligation.equals(other.obligation) && isMoreOpen() == other.isMoreOpen();
  }
}
