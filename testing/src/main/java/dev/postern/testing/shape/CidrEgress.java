package dev.postern.testing.shape;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/** Egress to networks outside: wide ones with excepts, port ranges, and now and then a list of 2,000 single addresses. */
final class CidrEgress {

  private static final int POLICIES = 10;
  /** One policy in so many is a list of single addresses. */
  private static final int LISTS = 50;

  private CidrEgress() {}

  static Cluster cluster(long seed, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    Parts parts = new Parts(true);
    int namespaces = Parts.count(500, scale);
    int listed = Parts.count(2000, Math.min(1, scale * 10));
    for (int i = 0; i < namespaces; i++) {
      String namespace = "ns-" + i;
      parts.namespace(namespace, Parts.labels("team", "team-" + i % 20));
      for (int app = 0; app < POLICIES; app++) {
        parts.workload(namespace, "app-" + app, Parts.labels("app", "app-" + app), List.of(), 2);
        boolean list = random.nextInt(LISTS) == 0;
        boolean v6 = random.nextInt(5) == 0;
        List<Peer> peers = list ? single(listed, v6, random) : networks(v6, random);
        int first = 1024 + random.nextInt(60_000);
        Ports ports = random.nextBoolean()
            ? Parts.ports(
                Parts.range(Protocol.TCP, first, Math.min(65535, first + random.nextInt(1000))))
            : Parts.ports(Parts.port(Protocol.TCP, 443), Parts.port(Protocol.UDP, 443));
        parts.policy(
            namespace,
            "egress-" + app,
            Selector.equal("app", "app-" + app),
            EnumSet.of(Direction.EGRESS),
            Parts.to(new Peers.AnyOf(peers), ports));
      }
    }
    return parts.cluster();
  }

  /** Two to ten /16 (or IPv6 /48) with five to ten excepts of 8 (or 16) bits more. */
  private static List<Peer> networks(boolean v6, SplittableRandom random) {
    List<Peer> peers = new ArrayList<>();
    for (int i = random.nextInt(2, 11); i > 0; i--) {
      Cidr cidr = new Cidr(address(v6, random), v6 ? 48 : 16);
      List<Cidr> excepts = new ArrayList<>();
      for (int j = random.nextInt(5, 11); j > 0; j--) {
        Address inside = v6
            ? Address.ipv6(cidr.network().high() | random.nextInt(1 << 16), 0)
            : Address.ipv4(cidr.network().low() | random.nextInt(1 << 16));
        excepts.add(new Cidr(inside, v6 ? 64 : 24));
      }
      peers.add(new Peer.IpBlock(cidr, excepts.stream().distinct().toList(), Origin.NONE));
    }
    return peers;
  }

  private static List<Peer> single(int count, boolean v6, SplittableRandom random) {
    List<Peer> peers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      peers.add(new Peer.IpBlock(Cidr.of(address(v6, random)), List.of(), Origin.NONE));
    }
    return peers;
  }

  private static Address address(boolean v6, SplittableRandom random) {
    return v6
        ? Address.ipv6(0x2000_0000_0000_0000L | random.nextLong() >>> 3, random.nextLong())
        : Address.ipv4(random.nextLong(0x0B00_0000L, 0xE000_0000L));
  }
}
