package dev.postern.prove;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import java.util.EnumSet;
import java.util.Set;

/**
 * A question to Z3: is any of these packets treated wrongly?
 *
 * @param name its name, unique in its family
 * @param from where the packets come from
 * @param to where they go to
 * @param sides whose policies are asked about. If it is one side only, then jumps that are about the other side are left out, and what is
 *     dropped has to be what this side's policies deny. That this holds on each side is more than is claimed: where it does not, both
 *     are asked about together.
 */
record PacketQuestion(
    String name,
    ConnectionState state,
    boolean reply,
    AddressSet from,
    AddressSet to,
    Set<Direction> sides) {

  static final Set<Direction> BOTH = Set.copyOf(EnumSet.allOf(Direction.class));

  PacketQuestion ofBothSides() {
    return new PacketQuestion(name + "-both", state, reply, from, to, BOTH);
  }

  boolean isOfBothSides() {
    return sides.equals(BOTH);
  }
}
