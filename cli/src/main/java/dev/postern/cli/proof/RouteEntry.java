package dev.postern.cli.proof;

import dev.postern.diagnostic.Origin;
import java.util.Optional;
import java.util.Set;

/**
 * A route of a table, as far as it says by which interface packets leave.
 *
 * @param origin where it stands
 * @param written itself
 * @param destination a network, an address, or {@code default}
 * @param leads whether packets leave by it: not of a {@code blackhole}, and not of the node's own addresses
 * @param certain whether it holds for all packets to its destination: not where it is of a table that only rules of
 *     policy routing use, has a source or a class of service, is dead, puts packets into others, or says what is not understood
 * @param shared whether a gateway, or one of several ways, is on it: others than this node are behind its interfaces
 * @param ofIpv6 whether something in it is of IPv6, where the destination does not say so
 * @param devices the interfaces that it names; none where its next hop is written elsewhere
 */
record RouteEntry(
    Origin origin,
    String written,
    String destination,
    boolean leads,
    boolean certain,
    boolean shared,
    boolean ofIpv6,
    Set<String> devices) {

  /** Routes that lead through no interface, or to the node itself (ip-route(8)). */
  static final Set<String> OTHER_TYPES = Set.of(
      "blackhole",
      "unreachable",
      "prohibit",
      "throw",
      "local",
      "broadcast",
      "multicast",
      "anycast",
      "nat");

  /** The tables that decide where there are no rules of policy routing. */
  static final Set<String> READ = Set.of("main", "local");

  RouteEntry {
    devices = Set.copyOf(devices);
  }

  /** The interface by which all packets to the destination leave, as far as this route decides. */
  Optional<String> device() {
    return certain && leads ? Routes.one(devices) : Optional.empty();
  }

  /** Whether packets leave by it nobody can say where. */
  boolean isVague() {
    return leads && devices.isEmpty();
  }
}
