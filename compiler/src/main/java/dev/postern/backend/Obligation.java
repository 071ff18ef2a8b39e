package dev.postern.backend;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Routing;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A kind of packets of which dataplanes are known to think otherwise than the policies, or that they do not police. Each can be left open by
 * name; then those packets may pass or not. A packet is of the first kind, in the order of this list, that it belongs to.
 */
public enum Obligation {
  /** What a pod sends to itself; through a Service, many dataplanes police it like any other. */
  SELF_THROUGH_SERVICE("a pod's traffic to itself, as through a Service"),
  /** ICMP in IPv4, ICMPv6 in IPv6; Kubernetes leaves protocols without ports undefined. */
  ICMP("ICMP"),
  /** IP in IP, and UDP to or from the port of VXLAN: what some dataplanes let no pod send, so that nobody smuggles packets past them. */
  TUNNELS("tunnels: IP in IP, and UDP port 4789 (VXLAN)"),
  /** All protocols but TCP, UDP, SCTP and ICMP; Kubernetes leaves them undefined. */
  OTHER_PROTOCOLS("protocols other than TCP, UDP, SCTP and ICMP"),
  /** Packets to many: no pod's address. */
  MULTICAST("multicast and broadcast"),
  /** Packets from or to a Service's own address, which is translated before it is policed. */
  CLUSTER_IPS("cluster IPs of Services"),
  /** Packets from or to a node's, or a link-local, address. */
  INFRASTRUCTURE("addresses of nodes and link-local ones"),
  /** Packets from or to networks that only this node has, as docker's bridges are: what the node may drop, and nothing that it may let pass. */
  NODE_NETWORKS("packets lost to or from networks of the node's own, as docker's bridges"),
  /** Packets of which neither end is a pod that is policed here. */
  NON_POD("packets between no pods that are policed here");

  private static final Cidr LINK_LOCAL_4 = Cidr.parse("169.254.0.0/16");
  private static final Cidr LINK_LOCAL_6 = Cidr.parse("fe80::/10");

  private static final int IP_IN_IP = 4;
  private static final int VXLAN = 4789;

  private final String reason;

  Obligation(String reason) {
    this.reason = reason;
  }

  /** Whether Kubernetes leaves undefined what policies make of all such packets: it defines TCP, UDP and SCTP. */
  public boolean isUndefined() {
    return this == ICMP || this == OTHER_PROTOCOLS;
  }

  /** What it is, in words. */
  public String reason() {
    return reason;
  }

  /** Whether only packets that ought to pass are of the kind. */
  public boolean isOfLostPackets() {
    return this == NODE_NETWORKS;
  }

  /** The packets of the kind where nothing is known of a node's networks. */
  public Optional<Condition> packets(Cluster cluster, Scope scope, Options options) {
    return packets(cluster, scope, options, Routing.UNKNOWN);
  }

  /**
   * The packets of the kind, whether or not they are of another one, too. An address that a pod has is no Service's, node's or other network's.
   *
   * @param routing what is known of the node's networks
   * @return empty where no condition says it: of what a pod sends to itself
   */
  public Optional<Condition> packets(
      Cluster cluster, Scope scope, Options options, Routing routing) {
    return switch (this) {
      case SELF_THROUGH_SERVICE -> Optional.empty();
      case ICMP -> Optional.of(icmp());
      case TUNNELS ->
        Optional.of(Condition.any(
            new Condition.IpProtocol(Set.of(IP_IN_IP)),
            Condition.all(
                new Condition.IpProtocol(Set.of(Protocol.UDP.number())),
                Condition.any(
                    new Condition.SourcePort(VXLAN, VXLAN),
                    new Condition.DestinationPort(VXLAN, VXLAN)))));
      case OTHER_PROTOCOLS ->
        Optional.of(
            new Condition.Not(Condition.any(new Condition.IpProtocol(Set.of(6, 17, 132)), icmp())));
      case MULTICAST ->
        Optional.of(new Condition.DestinationAddress(AddressSet.of(Cidr.parse("224.0.0.0/4"))
            .union(AddressSet.of(Cidr.parse("ff00::/8")))
            .union(AddressSet.ofAddresses(List.of(Address.parse("255.255.255.255"))))));
      case CLUSTER_IPS ->
        Optional.of(either(clusterIps(cluster).minus(ofPods(cluster, options, pod -> true))));
      case INFRASTRUCTURE ->
        Optional.of(either(infrastructure(cluster).minus(ofPods(cluster, options, pod -> true))));
      case NODE_NETWORKS ->
        Optional.of(either(routing.networks().minus(ofPods(cluster, options, pod -> true))));
      case NON_POD ->
        Optional.of(new Condition.Not(either(ofPods(cluster, options, scope::contains))));
    };
  }

  /** A contract that leaves such packets open as well. */
  public Contract leftOpen(Contract contract, Cluster cluster, Scope scope, Options options) {
    Optional<Condition> packets = packets(cluster, scope, options, contract.routing());
    if (packets.isPresent()) {
      return contract.waiving(
          reason,
          packets.get(),
          isOfLostPackets() ? Contract.Leeway.MAY_DROP : Contract.Leeway.EITHER);
    }
    List<Exemption> exemptions = new ArrayList<>(contract.leftOpen());
    if (!exemptions.contains(Exemption.SAME_POD)) {
      exemptions.add(Exemption.SAME_POD);
    }
    return contract.leavingOpen(exemptions.toArray(Exemption[]::new));
  }

  private static Condition icmp() {
    return Condition.any(
        Condition.all(
            new Condition.SourceAddress(AddressSet.of(AddressRange.all(Family.IPV4))),
            new Condition.IpProtocol(Set.of(1))),
        Condition.all(
            new Condition.SourceAddress(AddressSet.of(AddressRange.all(Family.IPV6))),
            new Condition.IpProtocol(Set.of(58))));
  }

  private static Condition either(AddressSet addresses) {
    return Condition.any(
        new Condition.SourceAddress(addresses), new Condition.DestinationAddress(addresses));
  }

  private static AddressSet infrastructure(Cluster cluster) {
    Stream<Address> nodes = cluster.nodes().stream().map(Node::addresses).flatMap(List::stream);
    Stream<Address> host = cluster.workloads().stream()
        .filter(Workload::hostNetwork)
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream());
    return AddressSet.ofAddresses(Stream.concat(nodes, host).distinct().toList())
        .union(AddressSet.of(LINK_LOCAL_4))
        .union(AddressSet.of(LINK_LOCAL_6));
  }

  private static AddressSet clusterIps(Cluster cluster) {
    return AddressSet.ofAddresses(cluster.services().stream()
        .flatMap(service -> service.clusterIps().stream())
        .toList());
  }

  private static AddressSet ofPods(Cluster cluster, Options options, Predicate<Pod> which) {
    return AddressSet.ofAddresses(cluster.workloads().stream()
        .filter(workload ->
            !workload.hostNetwork() || options.hostNetwork() != Options.HostNetwork.NODE)
        .flatMap(workload -> workload.pods().stream())
        .filter(which)
        .flatMap(pod -> pod.addresses().stream())
        .distinct()
        .toList());
  }
}
