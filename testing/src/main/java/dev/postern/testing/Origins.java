package dev.postern.testing;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Clusters that are compared by what was written, wherever it was written. */
public final class Origins {

  private Origins() {}

  /** The same cluster with {@link Origin#NONE} everywhere. */
  public static Cluster erase(Cluster cluster) {
    SortedMap<String, Namespace> namespaces = new TreeMap<>();
    cluster
        .namespaces()
        .forEach((name, n) ->
            namespaces.put(name, new Namespace(name, n.labels(), n.declared(), Origin.NONE)));
    return new Cluster(
        namespaces,
        cluster.workloads().stream().map(Origins::erase).toList(),
        cluster.services().stream().map(Origins::erase).toList(),
        cluster.nodes().stream()
            .map(n -> new Node(n.name(), n.labels(), n.addresses(), Origin.NONE))
            .toList(),
        cluster.entrances().stream()
            .map(e -> new Entrance(
                e.kind(), e.namespace(), e.name(), e.hosts(), e.backends(), Origin.NONE))
            .toList(),
        cluster.policies().stream().map(Origins::erase).toList());
  }

  private static Workload erase(Workload w) {
    List<Pod> pods = w.pods().stream()
        .map(pod -> new Pod(pod.name(), pod.node(), pod.addresses(), pod.hostname(), Origin.NONE))
        .toList();
    return new Workload(
        w.namespace(),
        w.name(),
        w.kind(),
        w.labels(),
        w.ports(),
        w.hostNetwork(),
        pods,
        Origin.NONE);
  }

  private static Service erase(Service s) {
    return s.withOrigin(Origin.NONE);
  }

  /** The same policy with {@link Origin#NONE} everywhere. */
  public static Policy erase(Policy p) {
    return new Policy(
        p.kind(),
        p.namespace(),
        p.name(),
        p.tier(),
        p.priority(),
        p.subject(),
        p.isolates(),
        p.ingress().stream().map(Origins::erase).toList(),
        p.egress().stream().map(Origins::erase).toList(),
        Origin.NONE,
        p.typesDefaulted());
  }

  private static PolicyRule erase(PolicyRule rule) {
    Peers peers = rule.peers() instanceof Peers.AnyOf some
        ? new Peers.AnyOf(
            some.peers().stream().map(peer -> peer.on(new PeerEraser())).toList())
        : rule.peers();
    Ports ports = rule.ports() instanceof Ports.AnyOf some
        ? new Ports.AnyOf(some.matches().stream().map(Origins::erase).toList())
        : rule.ports();
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, Origin.NONE);
  }

  private static Ports.PortMatch erase(Ports.PortMatch match) {
    return match instanceof Ports.Numbered numbered
        ? new Ports.Numbered(numbered.protocol(), numbered.ports(), Origin.NONE)
        : new Ports.Named(
            ((Ports.Named) match).protocol(), ((Ports.Named) match).name(), Origin.NONE);
  }

  private static final class PeerEraser implements Peer.Cases<Peer> {
    @Override
    public Peer pods(Peer.Pods peer) {
      return new Peer.Pods(peer.namespaces(), peer.pods(), Origin.NONE);
    }

    @Override
    public Peer ipBlock(Peer.IpBlock peer) {
      return new Peer.IpBlock(peer.cidr(), peer.except(), Origin.NONE);
    }

    @Override
    public Peer networks(Peer.Networks peer) {
      return new Peer.Networks(peer.cidrs(), Origin.NONE);
    }

    @Override
    public Peer nodes(Peer.Nodes peer) {
      return new Peer.Nodes(peer.nodes(), Origin.NONE);
    }

    @Override
    public Peer domainNames(Peer.DomainNames peer) {
      return new Peer.DomainNames(peer.names(), Origin.NONE);
    }

    @Override
    public Peer unknown(Peer.Unknown peer) {
      return new Peer.Unknown(Origin.NONE);
    }

    @Override
    public Peer perhaps(Peer.Perhaps peer) {
      return new Peer.Perhaps(
          peer.whom() instanceof Peers.AnyOf any
              ? new Peers.AnyOf(any.peers().stream().map(each -> each.on(this)).toList())
              : peer.whom(),
          Origin.NONE);
    }
  }
}
