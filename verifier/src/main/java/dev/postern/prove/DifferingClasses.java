package dev.postern.prove;

import java.util.Optional;

/**
 * Packets between two classes of addresses that are not treated as they should be.
 *
 * @param fields the bit strings that they are
 * @param shouldPass whether they ought to pass
 * @param source the class of the source
 * @param destination the class of the destination
 * @param rest what they are besides: a set over what follows the addresses; not empty
 * @param certain whether it does not depend on something that was not understood
 * @param exempt the pair of addresses for which they ought to pass as no policy is about it
 */
record DifferingClasses(
    Fields fields,
    boolean shouldPass,
    int source,
    int destination,
    int rest,
    boolean certain,
    Optional<ExemptPairs.Pair> exempt) {

  static DifferingClasses of(
      Fields fields, boolean shouldPass, int source, int destination, int rest, boolean certain) {
    return new DifferingClasses(
        fields, shouldPass, source, destination, rest, certain, Optional.empty());
  }
}
