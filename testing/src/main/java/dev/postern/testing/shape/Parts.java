package dev.postern.testing.shape;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster in the making. Pods are numbered through and get IPv4 addresses from 10.0.0.0/8, at will also IPv6 from fd00::/64. */
final class Parts {

  private final boolean dual;
  private final List<Namespace> namespaces = new ArrayList<>();
  private final List<Workload> workloads = new ArrayList<>();
  private final List<Policy> policies = new ArrayList<>();
  private int pods;

  Parts(boolean dual) {
    this.dual = dual;
  }

  /** A count at a scale: at least one. */
  static int count(int atScaleOne, double scale) {
    return (int) Math.max(1, Math.round(atScaleOne * scale));
  }

  void namespace(String name, Labels labels) {
    namespaces.add(new Namespace(name, labels, true, Origin.NONE));
  }

  void workload(
      String namespace, String name, Labels labels, List<ContainerPort> ports, int replicas) {
    List<Pod> own = new ArrayList<>(replicas);
    for (int i = 0; i < replicas; i++) {
      own.add(pod(name + "-" + i));
    }
    workloads.add(
        new Workload(namespace, name, "Deployment", labels, ports, false, own, Origin.NONE));
  }

  /** A pod whose labels set it apart from the others of its owner. */
  void distinctPod(
      String namespace, String owner, String name, Labels labels, List<ContainerPort> ports) {
    workloads.add(new Workload(
        namespace,
        owner + "[" + name + "]",
        "Deployment",
        labels,
        ports,
        false,
        List.of(pod(name)),
        Origin.NONE));
  }

  private Pod pod(String name) {
    int number = ++pods;
    Address v4 = Address.ipv4(0x0A00_0000L + number);
    List<Address> addresses =
        dual ? List.of(v4, Address.ipv6(0xFD00_0000_0000_0000L, number)) : List.of(v4);
    return new Pod(name, Optional.of("node-" + number % 100), addresses, Origin.NONE);
  }

  void policy(
      String namespace,
      String name,
      Selector subject,
      Set<Direction> isolates,
      PolicyRule... rules) {
    policies.add(new Policy(
        PolicyKind.NETWORK_POLICY,
        namespace,
        name,
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named(namespace), subject),
        isolates,
        numbered(Direction.INGRESS, List.of(rules)),
        numbered(Direction.EGRESS, List.of(rules)),
        Origin.NONE));
  }

  void ordered(
      PolicyKind kind,
      String name,
      Tier tier,
      int priority,
      Subject subject,
      List<PolicyRule> rules) {
    policies.add(new Policy(
        kind,
        "",
        name,
        tier,
        priority,
        subject,
        Set.of(),
        numbered(Direction.INGRESS, rules),
        numbered(Direction.EGRESS, rules),
        Origin.NONE));
  }

  private static List<PolicyRule> numbered(Direction direction, List<PolicyRule> rules) {
    List<PolicyRule> own = new ArrayList<>();
    for (PolicyRule rule : rules) {
      if (rule.direction() == direction) {
        own.add(new PolicyRule(
            direction,
            own.size(),
            rule.name(),
            rule.action(),
            rule.peers(),
            rule.ports(),
            rule.origin()));
      }
    }
    return own;
  }

  Cluster cluster() {
    return Cluster.of(namespaces, workloads, policies);
  }

  static PolicyRule rule(Direction direction, Action action, Peers peers, Ports ports) {
    return new PolicyRule(direction, 0, "", action, peers, ports, Origin.NONE);
  }

  static PolicyRule from(Peers peers, Ports ports) {
    return rule(Direction.INGRESS, Action.ALLOW, peers, ports);
  }

  static PolicyRule to(Peers peers, Ports ports) {
    return rule(Direction.EGRESS, Action.ALLOW, peers, ports);
  }

  static Peers any(Peer... peers) {
    return new Peers.AnyOf(List.of(peers));
  }

  static Peer pods(String namespace, Selector selector) {
    return new Peer.Pods(new NamespaceSelection.Named(namespace), selector, Origin.NONE);
  }

  static Peer namespaces(Selector namespaces, Selector pods) {
    return new Peer.Pods(new NamespaceSelection.Matching(namespaces), pods, Origin.NONE);
  }

  static Peer namespace(String name) {
    return namespaces(Selector.equal(Namespace.NAME_LABEL, name), Selector.EVERYTHING);
  }

  static Ports.PortMatch port(Protocol protocol, int port) {
    return new Ports.Numbered(protocol, PortSet.of(port), Origin.NONE);
  }

  static Ports.PortMatch range(Protocol protocol, int first, int last) {
    return new Ports.Numbered(protocol, PortSet.range(first, last), Origin.NONE);
  }

  static Ports.PortMatch named(String name) {
    return new Ports.Named(Optional.of(Protocol.TCP), name, Origin.NONE);
  }

  static Ports ports(Ports.PortMatch... matches) {
    return new Ports.AnyOf(List.of(matches));
  }

  static Labels labels(String key, String value) {
    return Labels.of(Collections.singletonMap(key, value));
  }

  static Labels labels(Map<String, String> labels) {
    return Labels.of(labels);
  }
}
