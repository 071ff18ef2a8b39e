package dev.postern.cilium;

import dev.postern.algebra.Region;
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
 * The entries of one direction of an endpoint's policy map.
 *
 * <p>What every identity may do is written once, for identity 0, and only allows. An identity that may do more has entries of its own. Its
 * prefixes never nest, but for denials within "everything": so the longest prefix says the same as the highest precedence, and nothing is
 * left to prune.
 */
final class PolicyMap {

  private static final List<Protocol> WITH_PORTS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  private final CiliumLayout layout;
  private final Direction direction;
  private final List<MapEntry> entries = new ArrayList<>();

  private PolicyMap(CiliumLayout layout, Direction direction) {
    this.layout = layout;
    this.direction = direction;
  }

  /**
   * The entries for an endpoint.
   *
   * @param allowed what passes, from or to which classes
   * @param node the endpoint's node, or empty: whose identities pass whole
   */
  static List<MapEntry> of(
      CiliumLayout layout,
      Direction direction,
      Region allowed,
      List<Identity> identities,
      String node) {
    PolicyMap map = new PolicyMap(layout, direction);
    Traffic everyone = Traffic.ALL;
    List<Traffic> traffic = new ArrayList<>();
    for (Identity identity : identities) {
      boolean own = !node.isEmpty() && identity.nodes().contains(node);
      Traffic passes = own ? Traffic.ALL : allowed.traffic(identity.classNumber());
      traffic.add(passes);
      everyone = everyone.intersect(passes);
    }
    if (!everyone.isAll()) {
      // Without ports "everything but" would need denials, and a denial for identity 0 would deny
      // to all.
      everyone = new Traffic(everyone.tcp(), everyone.udp(), everyone.sctp(), false);
    }
    map.allow(0, everyone);
    for (int i = 0; i < traffic.size(); i++) {
      int number = identities.get(i).number();
      if (traffic.get(i).other() && !traffic.get(i).isAll()) {
        map.allow(number, Traffic.ALL);
        map.deny(number, traffic.get(i).complement());
      } else if (traffic.get(i).isAll() && !everyone.isAll()) {
        map.allow(number, Traffic.ALL);
      } else {
        map.allow(number, traffic.get(i).minus(everyone));
      }
    }
    return map.entries;
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
