package dev.postern.cilium;

import dev.postern.cilium.CiliumLayout.Key;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.PortPrefix;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of an endpoint's policy map.
 *
 * <p>In each direction, what every identity may do is written once, for identity 0, and only allows. An identity that may do more has entries of its own. Its
 * prefixes never nest, but for denials within "everything": so the longest prefix says the same as the highest precedence, and nothing is
 * left to prune.
 */
final class PolicyMap {

  private static final List<Protocol> WITH_PORTS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  /**
   * An identity and what passes.
   *
   * @param number the identity's
   * @param egress to it
   * @param ingress from it
   */
  record Peer(int number, Traffic egress, Traffic ingress) {
    private Traffic traffic(Direction direction) {
      return direction == Direction.EGRESS ? egress : ingress;
    }

    /** What both let pass. */
    Peer and(Peer other) {
      return new Peer(number, egress.intersect(other.egress), ingress.intersect(other.ingress));
    }
  }

  /**
   * The identities that matter to an endpoint.
   *
   * @param some those that something may pass to or from, and perhaps others
   * @param more whether there are others, which nothing may pass to or from
   */
  record Peers(List<Peer> some, boolean more) {
    Peers {
      some = List.copyOf(some);
    }
  }

  private final CiliumLayout layout;
  private final Direction direction;
  private final List<MapEntry> entries = new ArrayList<>();

  private PolicyMap(CiliumLayout layout, Direction direction) {
    this.layout = layout;
    this.direction = direction;
  }

  /** The entries for an endpoint, ingress first. */
  static List<MapEntry> of(CiliumLayout layout, Peers peers) {
    List<MapEntry> entries = new ArrayList<>();
    for (Direction direction : List.of(Direction.INGRESS, Direction.EGRESS)) {
      PolicyMap map = new PolicyMap(layout, direction);
      map.add(peers);
      entries.addAll(map.entries);
    }
    return List.copyOf(entries);
  }

  private void add(Peers peers) {
    Traffic everyone = peers.more ? Traffic.NONE : Traffic.ALL;
    for (Peer peer : peers.some) {
      everyone = everyone.intersect(peer.traffic(direction));
    }
    if (!everyone.isAll()) {
      // Without ports "everything but" would need denials, and a denial for identity 0 would deny
      // to all.
      everyone = new Traffic(everyone.tcp(), everyone.udp(), everyone.sctp(), false);
    }
    allow(0, everyone);
    for (Peer peer : peers.some) {
      Traffic traffic = peer.traffic(direction);
      if (traffic.other() && !traffic.isAll()) {
        allow(peer.number, Traffic.ALL);
        deny(peer.number, traffic.complement());
      } else if (traffic.isAll() && !everyone.isAll()) {
        allow(peer.number, Traffic.ALL);
      } else {
        allow(peer.number, traffic.minus(everyone));
      }
    }
  }

  private void allow(int identity, Traffic traffic) {
    if (traffic.isAll()) {
      add(identity, CiliumLayout.ANY, 0, 0, false);
    } else {
      ports(identity, traffic, false);
    }
  }

  private void deny(int identity, Traffic traffic) {
    ports(identity, traffic, true);
  }

  private void ports(int identity, Traffic traffic, boolean deny) {
    for (Protocol protocol : WITH_PORTS) {
      PortSet ports = traffic.ports(protocol);
      if (ports.isAll()) {
        add(identity, CiliumLayout.PROTOCOL, protocol.number(), 0, deny);
      } else {
        for (PortPrefix prefix : PortPrefix.of(ports)) {
          int bits = CiliumLayout.PROTOCOL + prefix.bits();
          add(identity, bits, protocol.number(), prefix.port(), deny);
        }
      }
    }
  }

  private void add(int identity, int bits, int protocol, int port, boolean deny) {
    entries.add(layout.policy(new Key(identity, direction, bits, protocol, port), deny));
  }
}
