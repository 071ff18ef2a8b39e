package dev.postern.testing;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Where a cluster's policies may change their answer: both sides of every border of an address or port that something mentions, and a
 * few places that nothing mentions.
 *
 * @param addresses sorted, of both families, held by a pod or node or not
 * @param ports sorted, 1..65535
 */
public record Probes(List<Address> addresses, List<Integer> ports) {

  public Probes {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }

  /** All borders of the cluster, and a few random places. */
  public static Probes of(Cluster cluster, RandomGenerator random) {
    SortedSet<Address> addresses = new TreeSet<>();
    SortedSet<Integer> ports = new TreeSet<>();
    for (Family family : Family.values()) {
      around(addresses, AddressRange.all(family));
    }
    around(ports, PortSet.ALL);
    holders(cluster).forEach(address -> around(addresses, new AddressRange(address, address)));
    for (Workload workload : cluster.workloads()) {
      for (ContainerPort port : workload.ports()) {
        around(ports, PortSet.of(port.number()));
      }
    }
    for (Service service : cluster.services()) {
      addresses.addAll(service.clusterIps());
      service.ports().forEach(port -> ports.add(port.port()));
    }
    for (Policy policy : cluster.policies()) {
      for (PolicyRule rule : policy.rules()) {
        mentioned(rule.peers()).forEach(range -> around(addresses, range));
        mentioned(rule.ports()).forEach(set -> around(ports, set));
      }
    }
    for (int i = 0; i < 2; i++) {
      addresses.add(Address.ipv4(random.nextInt() & 0xFFFF_FFFFL));
      addresses.add(Address.ipv6(random.nextLong(), random.nextLong()));
      ports.add(random.nextInt(PortSet.MIN, PortSet.MAX + 1));
    }
    return new Probes(List.copyOf(addresses), List.copyOf(ports));
  }

  /** The probes that no pod and no node holds: addresses outside the cluster. */
  public List<Address> outside(Cluster cluster) {
    SortedSet<Address> held = new TreeSet<>(holders(cluster));
    return addresses.stream().filter(address -> !held.contains(address)).toList();
  }

  public Address address(RandomGenerator random) {
    return addresses.get(random.nextInt(addresses.size()));
  }

  public int port(RandomGenerator random) {
    return ports.get(random.nextInt(ports.size()));
  }

  private static List<Address> holders(Cluster cluster) {
    List<Address> held = new ArrayList<>();
    cluster
        .workloads()
        .forEach(workload -> workload.pods().forEach(pod -> held.addAll(pod.addresses())));
    cluster.nodes().forEach(node -> held.addAll(node.addresses()));
    return held;
  }

  private static List<AddressRange> mentioned(Peers peers) {
    List<AddressRange> ranges = new ArrayList<>();
    if (peers instanceof Peers.AnyOf some) {
      for (Peer peer : some.peers()) {
        if (peer instanceof Peer.IpBlock block) {
          ranges.add(block.cidr().range());
          block.except().forEach(except -> ranges.add(except.range()));
        } else if (peer instanceof Peer.Networks networks) {
          networks.cidrs().forEach(cidr -> ranges.add(cidr.range()));
        }
      }
    }
    return ranges;
  }

  private static List<PortSet> mentioned(Ports ports) {
    List<PortSet> sets = new ArrayList<>();
    if (ports instanceof Ports.AnyOf some) {
      for (Ports.PortMatch match : some.matches()) {
        if (match instanceof Ports.Numbered numbered) {
          sets.add(numbered.ports());
        }
      }
    }
    return sets;
  }

  private static void around(SortedSet<Address> addresses, AddressRange range) {
    addresses.add(range.first());
    addresses.add(range.last());
    if (!range.first().isFirst()) {
      addresses.add(range.first().previous());
    }
    if (!range.last().isLast()) {
      addresses.add(range.last().next());
    }
  }

  private static void around(SortedSet<Integer> ports, PortSet set) {
    for (PortSet.Interval interval : set.intervals()) {
      for (int port :
          new int[] {interval.first() - 1, interval.first(), interval.last(), interval.last() + 1
          }) {
        if (port >= PortSet.MIN && port <= PortSet.MAX) {
          ports.add(port);
        }
      }
    }
  }
}
