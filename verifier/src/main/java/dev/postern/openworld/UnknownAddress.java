package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.Selector;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.Logic;
import java.util.List;

/** An address of one family that no pod has. */
final class UnknownAddress implements Actor {

  private final Logic logic;
  private final Cluster cluster;
  private final Family family;
  private final AddressSet within;
  private final BitVector address;

  UnknownAddress(Logic logic, Cluster cluster, String name, Family family, AddressSet within) {
    this.logic = logic;
    this.cluster = cluster;
    this.family = family;
    this.within = within.minus(AddressSet.ofAddresses(cluster.workloads().stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .toList()));
    this.address = logic.vector(name + ".address", family.bits());
  }

  @Override
  public Formula given() {
    return logic.in(address, family, within);
  }

  @Override
  public Formula selected(PolicyKind kind, NamespaceSelection namespaces, Selector pods) {
    return logic.no();
  }

  @Override
  public Formula in(PolicyKind kind, AddressSet addresses, boolean matchPods) {
    return at(addresses);
  }

  BitVector address() {
    return address;
  }

  /** Whether it is one of these. */
  Formula at(AddressSet addresses) {
    return logic.in(address, family, addresses);
  }

  @Override
  public Formula somewhere(PolicyKind kind, AddressSet blocks, boolean matchPods) {
    return logic.no();
  }

  @Override
  public Formula onNode(Selector nodes) {
    List<Address> addresses = cluster.nodes().stream()
        .filter(node -> nodes.matches(node.labels()))
        .flatMap(node -> node.addresses().stream())
        .toList();
    return logic.in(address, family, AddressSet.ofAddresses(addresses));
  }

  @Override
  public Formula isOutside() {
    return logic.yes();
  }

  @Override
  public Formula hasPort(PolicyKind kind, String name, Protocol protocol, BitVector number) {
    return logic.no();
  }

  End.Outside read(FormulaModel model) {
    return new End.Outside(Logic.address(family, model.number(address)));
  }
}
