package dev.postern.testing;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
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
            .map(
                n -> new Node(n.name(), n.labels(), n.addresses(), n.agentAddresses(), Origin.NONE))
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
    return new PolicyRule(
        rule.direction(),
        rule.index(),
        rule.name(),
        rule.action(),
        rule.peers().withoutOrigins(),
        rule.ports().withoutOrigins(),
        Origin.NONE);
  }
}
