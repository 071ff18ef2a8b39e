package dev.postern.prove;

import dev.postern.enforced.Contract;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The outcome of a proof.
 *
 * @param verdict the outcome
 * @param difference a packet that shows it, if queued one that a program in user space decides; empty if proved, or if there was no time to find one
 * @param causes each kind of difference, the gravest first, whose packet is {@code difference}; empty unless they differ
 * @param ways the ways in which it was come by; what each of them says is the same
 * @param contract what the target leaves open, and so what was not asked
 * @param notes what else one has to know to read it: what was left out and why it is unknown
 */
public record Proof(
    Verdict verdict,
    Optional<PacketDifference> difference,
    List<Deviation> causes,
    Set<Way> ways,
    Contract contract,
    List<String> notes) {

  public Proof {
    causes = List.copyOf(causes);
    ways = Set.copyOf(ways);
    notes = List.copyOf(notes);
  }

  /** How a proof can end. */
  public enum Verdict {
    /** Every packet is treated as the policies say. */
    PROVED,
    /** Some packet does not. */
    DIFFERS,
    /** It depends on something that was not understood, or time ran out. */
    UNKNOWN,
    /** What the rules decide is treated as the policies say; other packets they hand to a program in user space, and what that decides is not seen. */
    QUEUED
  }

  /** How a proof is come by. */
  public enum Way {
    /** Sets of packets over the plan's tables. */
    SETS,
    /** Z3 over bit-vectors, straight from the policies. */
    Z3
  }
}
