package dev.postern.verify;

import dev.postern.net.Traffic;
import java.util.Optional;

/**
 * A destination and the traffic that would arrive there.
 *
 * @param site where; empty for traffic that leads nowhere, as a port that a Service does not have
 * @param asked the traffic at the destination, after a Service has chosen the port
 */
record Target(Optional<Site> site, Traffic asked) {

  static Target nowhere(Traffic asked) {
    return new Target(Optional.empty(), asked);
  }

  static Target of(Site site, Traffic asked) {
    return new Target(Optional.of(site), asked);
  }
}
