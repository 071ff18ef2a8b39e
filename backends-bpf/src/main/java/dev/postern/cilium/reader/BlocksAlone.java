package dev.postern.cilium.reader;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.meaning.PoliciesBySubject;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What policies let pass between pods and some addresses outside for an {@code ipBlock} and for nothing else: the pod is isolated, and no rule
 * that is about everyone, nodes, names, or networks that hold the address allows it as well. Replies and related packets pass for their
 * connection, and are none of it.
 *
 * @param cluster the pods and their policies
 * @param scope the pods that it is about
 */
record BlocksAlone(Cluster cluster, Scope scope) {

  /** What a pod's rules of one direction let pass, as conditions on its packets. */
  private record Allowed(List<Condition> byBlocks, List<Condition> otherwise) {}

  /** The packets that come from some of these addresses, and those that go to some of those; none of them a pod's. */
  Condition between(AddressSet sources, AddressSet destinations) {
    PoliciesBySubject policies = PoliciesBySubject.of(cluster);
    Map<Condition, AddressSet> pods = new LinkedHashMap<>();
    Map<Condition, AddressSet> callers = new LinkedHashMap<>();
    for (Workload workload : cluster.workloads()) {
      AddressSet own = addresses(workload);
      if (!workload.hostNetwork() && !own.isEmpty()) {
        List<Policy> about = policies.in(workload.namespace()).stream()
            .filter(policy -> selects(policy, workload))
            .toList();
        pods.merge(allowed(workload, about, Direction.INGRESS, sources), own, AddressSet::union);
        callers.merge(
            allowed(workload, about, Direction.EGRESS, destinations), own, AddressSet::union);
      }
    }
    List<Condition> all = new ArrayList<>();
    pods.forEach((allowed, own) -> {
      if (!allowed.equals(Condition.NEVER)) {
        all.add(Condition.all(new Condition.DestinationAddress(own), allowed));
      }
    });
    callers.forEach((allowed, own) -> {
      if (!allowed.equals(Condition.NEVER)) {
        all.add(Condition.all(new Condition.SourceAddress(own), allowed));
      }
    });
    return Condition.all(
        new Condition.State(Set.of(ConnectionState.NEW, ConnectionState.ESTABLISHED)),
        new Condition.Not(new Condition.Reply()),
        new Condition.Any(all));
  }

  private AddressSet addresses(Workload workload) {
    return AddressSet.ofAddresses(workload.pods().stream()
        .filter(scope::contains)
        .map(Pod::addresses)
        .flatMap(List::stream)
        .distinct()
        .toList());
  }

  private boolean selects(Policy policy, Workload workload) {
    NamespaceSelection namespaces = policy.subject().namespaces();
    boolean inNamespace = namespaces instanceof NamespaceSelection.Matching matching
        ? matching.selector().matches(cluster.namespace(workload.namespace()).labels())
        : namespaces.equals(new NamespaceSelection.Named(workload.namespace()));
    return inNamespace && policy.subject().pods().matches(workload.labels());
  }

  private static Condition allowed(
      Workload workload, List<Policy> policies, Direction direction, AddressSet others) {
    Allowed allowed = new Allowed(new ArrayList<>(), new ArrayList<>());
    for (Policy policy : policies) {
      for (PolicyRule rule : policy.rules(direction)) {
        if (policy.appliesTo(direction) && rule.action() == Action.ALLOW) {
          add(workload, policy, rule, others, allowed);
        }
      }
    }
    return allowed.byBlocks().isEmpty()
        ? Condition.NEVER
        : Condition.all(
            new Condition.Any(allowed.byBlocks()),
            new Condition.Not(new Condition.Any(allowed.otherwise())));
  }

  private static void add(
      Workload workload, Policy policy, PolicyRule rule, AddressSet others, Allowed allowed) {
    Condition ports = ports(workload, rule);
    if (policy.tier() == Tier.NETWORK_POLICY) {
      AddressSet blocks = rule.blocks().intersect(others);
      if (!blocks.isEmpty()) {
        allowed.byBlocks().add(Condition.all(end(rule, blocks), ports));
      }
    }
    boolean isOther = !(rule.peers() instanceof Peers.AnyOf any)
        || any.peers().stream().anyMatch(BlocksAlone::isOther);
    if (isOther) {
      allowed.otherwise().add(ports);
    }
    AddressSet networks = networks(rule).intersect(others);
    if (!networks.isEmpty()) {
      allowed.otherwise().add(Condition.all(end(rule, networks), ports));
    }
  }

  private static Condition end(PolicyRule rule, AddressSet addresses) {
    return rule.direction() == Direction.INGRESS
        ? new Condition.SourceAddress(addresses)
        : new Condition.DestinationAddress(addresses);
  }

  /** Whether a peer may be any of these addresses. */
  private static boolean isOther(Peer peer) {
    return !(peer instanceof Peer.IpBlock
        || peer instanceof Peer.Networks
        || peer instanceof Peer.Pods);
  }

  private static AddressSet networks(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        ? any.peers().stream()
            .filter(Peer.Networks.class::isInstance)
            .map(peer -> ((Peer.Networks) peer).addresses())
            .reduce(AddressSet.EMPTY, AddressSet::union)
        : AddressSet.EMPTY;
  }

  private static Condition ports(Workload workload, PolicyRule rule) {
    if (!(rule.ports() instanceof Ports.AnyOf any)) {
      return Condition.ALWAYS;
    }
    List<Condition> ports = new ArrayList<>();
    for (Ports.PortMatch match : any.matches()) {
      if (match instanceof Ports.Numbered numbered) {
        numbered
            .ports()
            .intervals()
            .forEach(
                each -> ports.add(port(numbered.protocol().number(), each.first(), each.last())));
      } else if (match instanceof Ports.Named named && rule.direction() == Direction.INGRESS) {
        workload.ports().stream()
            .filter(port -> port.name().equals(named.name()))
            .filter(port -> named.protocol().filter(p -> p != port.protocol()).isEmpty())
            .forEach(
                port -> ports.add(port(port.protocol().number(), port.number(), port.number())));
      }
    }
    return new Condition.Any(ports);
  }

  private static Condition port(int protocol, int first, int last) {
    Condition is = new Condition.IpProtocol(Set.of(protocol));
    return first == PortSet.MIN && last == PortSet.MAX
        ? is
        : Condition.all(is, new Condition.DestinationPort(first, last));
  }
}
