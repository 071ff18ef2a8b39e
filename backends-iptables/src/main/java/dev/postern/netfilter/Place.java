package dev.postern.netfilter;

import dev.postern.policy.Direction;

/**
 * Something that rules look addresses up in.
 *
 * @param kind what for
 * @param name the name of a set or lookup, the direction of a dispatch
 */
public record Place(Kind kind, String name) {

  /** What for. */
  public enum Kind {
    /** Which pods are exempt: with themselves, and with their node. */
    EXEMPTION,
    /** Which group a pod belongs to. */
    DISPATCH,
    /** Whether a peer is in a set. */
    SET,
    /** Which of many sets a peer is in. */
    LOOKUP
  }

  public static final Place EXEMPTION = new Place(Kind.EXEMPTION, "");

  public static Place dispatch(Direction direction) {
    return new Place(Kind.DISPATCH, direction.name());
  }

  public static Place of(PeerSet set) {
    return new Place(Kind.SET, set.name());
  }

  public static Place of(PeerStep.Lookup lookup) {
    return new Place(Kind.LOOKUP, lookup.name());
  }
}
