package dev.postern.answer;

import dev.postern.net.Family;
import dev.postern.net.Traffic;
import java.util.Optional;
import java.util.Set;

/**
 * A destination and the traffic that would arrive there.
 *
 * @param site where; empty for traffic that leads nowhere, as a port that a Service does not have
 * @param asked the traffic at the destination, after a Service has chosen the port
 * @param throughService whether a Service chose the destination
 * @param crossing what becomes of the addresses on the way there
 * @param family the family of the address that is called, if it is another one than the destination's own; empty for a name
 * @param clients whom it is a destination of
 * @param led the families in which what is called leads somewhere; empty if it leads here only
 */
record Destination(
    Optional<Site> site,
    Traffic asked,
    boolean throughService,
    ServiceTranslation crossing,
    Optional<Family> family,
    Clients clients,
    Set<Family> led) {

  Destination {
    led = Set.copyOf(led);
  }

  static Destination nowhere(Traffic asked, Clients clients) {
    return new Destination(
        Optional.empty(),
        asked,
        true,
        ServiceTranslation.NONE,
        Optional.empty(),
        clients,
        Set.of());
  }

  /** A destination that is called at its own address. */
  static Destination of(Site site, Traffic asked) {
    return new Destination(
        Optional.of(site),
        asked,
        false,
        ServiceTranslation.NONE,
        Optional.empty(),
        Clients.EVERYONE,
        Set.of());
  }

  /** A destination behind a Service. */
  static Destination behindService(
      Site site,
      Traffic asked,
      ServiceTranslation crossing,
      Optional<Family> family,
      Clients clients) {
    return new Destination(Optional.of(site), asked, true, crossing, family, clients, Set.of());
  }

  /** The same as one of several, of which a client is led to those of a family that it has. */
  Destination among(Set<Family> families) {
    return new Destination(site, asked, throughService, crossing, family, clients, families);
  }

  /** Whether a client that has no family in common with this one is led to others. */
  boolean leadsElsewhere(Cell client) {
    return clients.include(client.first())
        && client.family().filter(led::contains).isPresent()
        && (family.isEmpty() || client.family().equals(family));
  }

  /** Whether it differs from another in nothing but the ends that go by the name of both, such as a pod's addresses. */
  boolean isAtOtherEndsOf(Destination other) {
    return site.map(Site::name).equals(other.site.map(Site::name))
        && equals(new Destination(
            site,
            other.asked,
            other.throughService,
            other.crossing,
            other.family,
            other.clients,
            other.led));
  }

  /** The same with the ends of another, too. */
  Destination and(Destination other) {
    return new Destination(
        site.flatMap(here -> other.site.map(here::and)),
        asked,
        throughService,
        crossing,
        family,
        clients,
        led);
  }

  /** Whether a client can call it, and packets can travel between the two. */
  boolean isCalledBy(Cell client, Cell at) {
    return clients.include(client.first())
        && client.speaksWith(at)
        && (family.isEmpty() || client.family().isEmpty() || client.family().equals(family));
  }

  /** The same with each end in a cell of its own. */
  Destination apart() {
    return new Destination(
        site.map(Site::apart), asked, throughService, crossing, family, clients, led);
  }
}
