package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.Logic;
import java.util.Optional;
import java.util.Set;

/**
 * A pod that is there, or an address outside: everything about it is known, but perhaps its address.
 *
 * @param family the family of the addresses between which the flow goes
 * @param ofUnknownNode which selectors match the node that it is on, where no manifest tells of that; empty for those that match a node
 *     without labels
 */
record KnownActor(
    Logic logic,
    Cluster cluster,
    Options options,
    Family family,
    End end,
    Optional<Set<Selector>> ofUnknownNode)
    implements Actor {

  KnownActor(Logic logic, Cluster cluster, Options options, Family family, End end) {
    this(logic, cluster, options, family, end, Optional.empty());
  }

  /** The same on a node that these selectors match, and no others of those that are asked. */
  KnownActor onNodeOf(Set<Selector> kind) {
    return new KnownActor(logic, cluster, options, family, end, Optional.of(kind));
  }

  @Override
  public Formula given() {
    return logic.yes();
  }

  /** Whether policies of a kind treat it as its node. */
  boolean isNode(PolicyKind kind) {
    return end instanceof End.InPod pod
        && pod.workload().hostNetwork()
        && options.hostNetworkIsNode(kind);
  }

  @Override
  public Formula selected(PolicyKind kind, NamespaceSelection namespaces, Selector pods) {
    if (!(end instanceof End.InPod pod) || isNode(kind)) {
      return logic.no();
    }
    String namespace = pod.workload().namespace();
    boolean there = namespaces instanceof NamespaceSelection.Matching matching
        ? matching.selector().matches(cluster.namespace(namespace).labels())
        : ((NamespaceSelection.Named) namespaces).namespace().equals(namespace);
    return logic.of(there && pods.matches(pod.workload().labels()));
  }

  @Override
  public Formula in(PolicyKind kind, AddressSet addresses, boolean matchPods) {
    Optional<Address> address =
        end instanceof End.InPod pod ? pod.address() : Optional.of(((End.Outside) end).address());
    boolean counts = end instanceof End.Outside || matchPods || isNode(kind);
    return logic.of(counts && address.filter(addresses::contains).isPresent());
  }

  @Override
  public Formula somewhere(PolicyKind kind, AddressSet blocks, boolean matchPods) {
    return logic.of(end instanceof End.InPod pod
        && pod.address().isEmpty()
        && (matchPods || isNode(kind))
        && blocks.containsAll(AddressSet.all(family)));
  }

  @Override
  public Formula onNode(Selector nodes) {
    return logic.of(
        cluster.nodes().stream().anyMatch(node -> isOn(node) && nodes.matches(node.labels()))
            || (isOnUnknownNode()
                && ofUnknownNode
                    .map(kind -> kind.contains(nodes))
                    .orElseGet(() -> nodes.matches(Labels.NONE))));
  }

  /** Whether it is on the host network of a node that no manifest tells of. */
  boolean isOnUnknownNode() {
    return end instanceof End.InPod pod
        && pod.workload().hostNetwork()
        && cluster.nodes().stream().noneMatch(this::isOn);
  }

  private boolean isOn(Node node) {
    if (end instanceof End.InPod pod) {
      return pod.workload().hostNetwork()
          && pod.pod().flatMap(p -> p.node()).filter(node.name()::equals).isPresent();
    }
    return node.addresses().contains(((End.Outside) end).address());
  }

  @Override
  public Formula isOutside() {
    return logic.of(end instanceof End.Outside);
  }

  @Override
  public Formula hasPort(PolicyKind kind, String name, Protocol protocol, BitVector number) {
    if (!(end instanceof End.InPod pod) || isNode(kind)) {
      return logic.no();
    }
    return logic.or(pod.workload().ports().stream()
        .filter(port -> port.name().equals(name) && port.protocol() == protocol)
        .map(port -> logic.in(number, PortSet.of(port.number())))
        .toList());
  }
}
