package dev.postern.diff;

import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The policies of which two versions of a cluster differ, as objects and by what they say. It is worked out once for all that a comparison
 * asks: two sets that were read apart differ in every object.
 *
 * @param removed policies of the first that the second does not hold as the same object
 * @param added policies of the second that the first does not hold as the same object
 * @param said what they say otherwise, by direction
 */
record ChangedPolicies(
    List<Policy> removed, List<Policy> added, Map<Direction, PolicyChanges> said) {

  static ChangedPolicies of(List<Policy> removed, List<Policy> added) {
    Map<Direction, PolicyChanges> said = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      said.put(direction, PolicyChanges.between(removed, added, direction));
    }
    return new ChangedPolicies(removed, added, said);
  }

  PolicyChanges in(Direction direction) {
    return said.getOrDefault(direction, PolicyChanges.NONE);
  }

  /** Those that say something else; twice where they do so in both directions. */
  Stream<Policy> saying() {
    return Stream.of(Direction.values())
        .map(this::in)
        .flatMap(changes -> Stream.concat(changes.removed().stream(), changes.added().stream()));
  }
}
