package dev.postern.openworld;

import dev.postern.net.Family;
import dev.postern.openworld.FlowCondition.Place;
import dev.postern.policy.Direction;
import java.util.Set;

/**
 * Which flows are looked at, and for which change of the verdict.
 *
 * @param side the side whose decision changes
 * @param family of the addresses
 * @param families for which the answer holds
 * @param subject who stands on that side
 * @param peer who stands on the other
 * @param opened whether flows are looked for that pass now, or those that passed before
 * @param perhaps whether what passes by a DNS name only, or on some unknown node of a pod on the host network, counts as passing
 * @param unaddressed whether pods of which no address is known count
 */
record ComparisonSetting(
    Direction side,
    Family family,
    Set<Family> families,
    Role subject,
    Role peer,
    boolean opened,
    boolean perhaps,
    boolean unaddressed) {

  Place subjectPlace() {
    return side == Direction.EGRESS ? Place.SOURCE : Place.DESTINATION;
  }

  Place peerPlace() {
    return side == Direction.EGRESS ? Place.DESTINATION : Place.SOURCE;
  }

  Direction otherSide() {
    return side == Direction.EGRESS ? Direction.INGRESS : Direction.EGRESS;
  }

  Role at(Place place) {
    return place == subjectPlace() ? subject : peer;
  }
}
