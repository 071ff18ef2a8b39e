package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.JointMatches;
import dev.postern.selector.Selector;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.Logic;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pod of which no manifest says its address, or on the host network its node: at any and on any that it could have. */
final class PodAnywhere implements Actor {

  private final Logic logic;
  private final KnownActor known;
  private final String name;
  private final Family family;
  private final AddressSet possible;
  private final Optional<Node> node;
  private final BitVector address;
  private final boolean hostNetwork;
  private final Set<Selector> nodeSelectors;

  PodAnywhere(
      Logic logic, Cluster cluster, Options options, String name, Family family, End.InPod end) {
    this.logic = logic;
    this.known = new KnownActor(logic, cluster, options, family, end);
    this.name = name;
    this.family = family;
    this.node = node(end, cluster);
    this.possible = end.address()
        .map(address -> AddressSet.ofAddresses(List.of(address)))
        .orElseGet(() -> possible(end, cluster));
    this.hostNetwork = end.workload().hostNetwork();
    this.nodeSelectors = Hosts.nodeSelectors(cluster.policies());
    this.address = logic.vector(name + ".address", family.bits());
  }

  /** Whether it is such a pod: of unknown address, or on the host network of an unknown node. */
  static boolean is(End end, Cluster cluster) {
    return end instanceof End.InPod pod
        && (pod.address().isEmpty()
            || (pod.workload().hostNetwork() && node(pod, cluster).isEmpty()));
  }

  /** The node on which it runs, if the cluster has it. */
  static Optional<Node> node(End.InPod end, Cluster cluster) {
    return end.pod()
        .flatMap(Pod::node)
        .flatMap(where ->
            cluster.nodes().stream().filter(each -> each.name().equals(where)).findFirst());
  }

  /** The addresses that it could have: on the host network its node's, where that is known. */
  private static AddressSet possible(End.InPod end, Cluster cluster) {
    List<Address> ofNode = end.workload().hostNetwork()
        ? node(end, cluster).map(Node::addresses).orElse(List.of())
        : List.of();
    return ofNode.isEmpty() ? notOfPods(cluster) : AddressSet.ofAddresses(ofNode);
  }

  private static AddressSet notOfPods(Cluster cluster) {
    return AddressSet.ofAddresses(cluster.workloads().stream()
            .filter(workload -> !workload.hostNetwork())
            .map(Workload::pods)
            .flatMap(List::stream)
            .map(Pod::addresses)
            .flatMap(List::stream)
            .toList())
        .complement();
  }

  @Override
  public Formula given() {
    Formula there = logic.in(address, family, possible);
    return node.isPresent() || !hostNetwork ? there : logic.and(there, onAnyNode());
  }

  /** The selectors that match its node are some that one node's labels can meet together. */
  private Formula onAnyNode() {
    return JointMatches.of(nodeSelectors)
        .map(kinds -> logic.or(kinds.stream().map(this::onNodeOf).toList()))
        .orElseGet(logic::yes);
  }

  private Formula onNodeOf(Set<Selector> kind) {
    return logic.and(nodeSelectors.stream()
        .map(each -> kind.contains(each) ? onNode(each) : logic.not(onNode(each)))
        .toList());
  }

  @Override
  public Formula selected(PolicyKind kind, NamespaceSelection namespaces, Selector pods) {
    return known.selected(kind, namespaces, pods);
  }

  @Override
  public Formula in(PolicyKind kind, AddressSet addresses, boolean matchPods) {
    return matchPods || known.isNode(kind) ? logic.in(address, family, addresses) : logic.no();
  }

  @Override
  public Formula somewhere(PolicyKind kind, AddressSet blocks, boolean matchPods) {
    return logic.no();
  }

  @Override
  public Formula onNode(Selector nodes) {
    return node.isPresent() || !hostNetwork
        ? known.onNode(nodes)
        : logic.flag(name + ".on." + nodes);
  }

  @Override
  public Formula isOutside() {
    return logic.no();
  }

  @Override
  public Formula hasPort(PolicyKind kind, String port, Protocol protocol, BitVector number) {
    return known.hasPort(kind, port, protocol, number);
  }
}
