package dev.postern.prove;

import dev.postern.net.Address;
import java.util.Optional;

/**
 * Packets between two classes of addresses that do not fare as they should.
 *
 * @param shouldPass whether they ought to pass
 * @param source the class of the source
 * @param destination the class of the destination
 * @param rest what they are besides: a set over what follows the addresses; not empty
 * @param certain whether it does not depend on something that was not understood
 * @param exempt the pair of addresses for which they ought to pass as no policy is about it
 */
record Finding(
    boolean shouldPass,
    int source,
    int destination,
    int rest,
    boolean certain,
    Optional<Exempt.Pair> exempt) {

  /** A class's member that stands for it, if the finding is about certain ones. */
  Optional<Address> exemptSource() {
    return exempt.map(Exempt.Pair::source);
  }

  Optional<Address> exemptDestination() {
    return exempt.map(Exempt.Pair::destination);
  }
}
