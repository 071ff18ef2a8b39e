package dev.postern.meaning;

/**
 * The verdict on a flow with both sides' decisions: it is allowed if both allow it.
 *
 * @param flow what was judged
 * @param verdict the verdict
 * @param exemption why policies do not apply, if they do not
 * @param egress the source's side
 * @param ingress the destination's side
 */
public record Judgement(
    Flow flow, FlowVerdict verdict, Exemption exemption, Decision egress, Decision ingress) {

  /** Why a flow passes whatever the policies say. */
  public enum Exemption {
    /** Policies apply. */
    NONE,
    /** A pod calls itself at its own address. */
    SAME_POD,
    /** One end is the node that the other end runs on. */
    OWN_NODE
  }
}
