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
record Destination(
    Optional<Site> site, Traffic asked, boolean throughService, ServiceTranslation crossing) {

  static Destination nowhere(Traffic asked) {
    return new Destination(Optional.empty(), asked, true, ServiceTranslation.NONE);
  }

  /** A destination that is called at its own address. */
  static Destination of(Site site, Traffic asked) {
    return new Destination(Optional.of(site), asked, false, ServiceTranslation.NONE);
  }

  /** A destination behind a Service. */
  static Destination behindService(Site site, Traffic asked, ServiceTranslation crossing) {
    return new Destination(Optional.of(site), asked, true, crossing);
  }

  /** The same with each end in a cell of its own. */
  Destination apart() {
    return new Destination(site.map(Site::apart), asked, throughService, crossing);
  }
}
