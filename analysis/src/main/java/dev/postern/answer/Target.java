package dev.postern.answer;

import dev.postern.net.Traffic;
import java.util.Optional;

/**
 * A destination and the traffic that would arrive there.
 *
 * @param site where; empty for traffic that leads nowhere, as a port that a Service does not have
 * @param asked the traffic at the destination, after a Service has chosen the port
 * @param throughService whether a Service chose the destination
 * @param crossing what becomes of the addresses on the way there
 */
record Target(Optional<Site> site, Traffic asked, boolean throughService, Crossing crossing) {

  static Target nowhere(Traffic asked) {
    return new Target(Optional.empty(), asked, true, Crossing.NONE);
  }

  /** A destination that is called at its own address. */
  static Target of(Site site, Traffic asked) {
    return new Target(Optional.of(site), asked, false, Crossing.NONE);
  }

  /** A destination behind a Service. */
  static Target behindService(Site site, Traffic asked, Crossing crossing) {
    return new Target(Optional.of(site), asked, true, crossing);
  }

  /** The same with each end in a cell of its own. */
  Target apart() {
    return new Target(site.map(Site::apart), asked, throughService, crossing);
  }
}
