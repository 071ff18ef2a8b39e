package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
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
import dev.postern.solver.FormulaModel;
import dev.postern.solver.Logic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A pod that could be: in a namespace that is there, or in a new one with labels of its own. */
final class UnknownPod implements Actor {

  private final Logic logic;
  private final Cluster cluster;
  private final String name;
  private final Family family;
  private final Vocabulary vocabulary;
  private final Role.AnyPod role;
  private final SymbolicLabels labels;
  private final SymbolicLabels newNamespace;
  private final List<Namespace> namespaces;
  private final BitVector namespace;
  private final BitVector address;
  private final Formula addressed;
  private final AddressSet free;
  private final Map<PortName, BitVector> ports = new LinkedHashMap<>();

  /**
   * A pod that could be.
   *
   * @param addressed whether its address is known, so that address blocks can match it
   * @param free the addresses that it may have
   */
  UnknownPod(
      Logic logic,
      Cluster cluster,
      String name,
      Family family,
      Vocabulary vocabulary,
      Role.AnyPod role,
      Formula addressed,
      AddressSet free) {
    this.logic = logic;
    this.cluster = cluster;
    this.name = name;
    this.family = family;
    this.vocabulary = vocabulary;
    this.role = role;
    this.labels = new SymbolicLabels(logic, name + ".labels", vocabulary.podLabels());
    this.newNamespace =
        new SymbolicLabels(logic, name + ".namespace", vocabulary.namespaceLabels());
    this.namespaces = List.copyOf(cluster.namespaces().values());
    this.namespace = logic.vector(name + ".namespace", 32);
    this.address = logic.vector(name + ".address", family.bits());
    this.addressed = addressed;
    this.free = free;
    vocabulary
        .portNames()
        .forEach(port -> ports.put(
            port, logic.vector(name + ".port." + port.name() + "." + port.protocol(), 16)));
  }

  /** The addresses that no pod and no node of a cluster has. */
  static AddressSet free(Cluster cluster) {
    return AddressSet.ofAddresses(Stream.concat(
                cluster.workloads().stream()
                    .flatMap(workload -> workload.pods().stream())
                    .flatMap(pod -> pod.addresses().stream()),
                cluster.nodes().stream().flatMap(node -> node.addresses().stream()))
            .toList())
        .complement();
  }

  @Override
  public Formula given() {
    return logic.and(
        logic.below(namespace, namespaces.size() + 1),
        labels.wellFormed(),
        newNamespace.wellFormed(),
        newNamespaceHasANewName(),
        logic.in(address, family, free),
        in(role.namespaces()),
        labels.matches(role.labels()));
  }

  /** A namespace that exists is not new; a namespace always has its name for a label. */
  private Formula newNamespaceHasANewName() {
    List<Formula> names = new ArrayList<>();
    names.add(newNamespace.isOther(Namespace.NAME_LABEL));
    vocabulary.namespaceLabels().get(Namespace.NAME_LABEL).stream()
        .filter(value -> !cluster.namespaces().containsKey(value))
        .forEach(value -> names.add(newNamespace.equal(Namespace.NAME_LABEL, value)));
    return logic.or(names);
  }

  private Formula isNew() {
    return logic.equal(namespace, namespaces.size());
  }

  /** Whether its namespace is one of the selection. */
  Formula in(NamespaceSelection selection) {
    List<Formula> where = new ArrayList<>();
    for (int i = 0; i < namespaces.size(); i++) {
      boolean matches = selection instanceof NamespaceSelection.Matching matching
          ? matching.selector().matches(namespaces.get(i).labels())
          : ((NamespaceSelection.Named) selection)
              .namespace()
              .equals(namespaces.get(i).name());
      if (matches) {
        where.add(logic.equal(namespace, i));
      }
    }
    if (where.size() == namespaces.size()
        && selection instanceof NamespaceSelection.Matching matching
        && matching.selector().isEverything()) {
      return logic.yes();
    }
    Formula inNew = selection instanceof NamespaceSelection.Matching matching
        ? newNamespace.matches(matching.selector())
        : newNamespace.equal(
            Namespace.NAME_LABEL, ((NamespaceSelection.Named) selection).namespace());
    where.add(logic.and(isNew(), inNew));
    return logic.or(where);
  }

  @Override
  public Formula selected(PolicyKind kind, NamespaceSelection selection, Selector pods) {
    return logic.and(in(selection), labels.matches(pods));
  }

  @Override
  public Formula in(PolicyKind kind, AddressSet addresses, boolean matchPods) {
    return matchPods ? at(addresses) : logic.no();
  }

  BitVector address() {
    return address;
  }

  /** Whether its address is known and one of these. */
  Formula at(AddressSet addresses) {
    return logic.and(addressed, logic.in(address, family, addresses));
  }

  /** Whether a selector matches its labels. */
  Formula labelled(Selector selector) {
    return labels.matches(selector);
  }

  @Override
  public Formula somewhere(PolicyKind kind, AddressSet blocks, boolean matchPods) {
    return matchPods && blocks.containsAll(AddressSet.all(family))
        ? logic.not(addressed)
        : logic.no();
  }

  @Override
  public Formula onNode(Selector nodes) {
    return logic.no();
  }

  @Override
  public Formula isOutside() {
    return logic.no();
  }

  @Override
  public Formula hasPort(PolicyKind kind, String portName, Protocol protocol, BitVector number) {
    // No port has the number 0: a pod without the named port.
    return logic.and(
        logic.in(number, PortSet.ALL),
        logic.same(ports.get(new PortName(portName, protocol)), number));
  }

  /** What a simple witness would have, the most wanted first: a namespace that exists, no labels, only values that policies name, no named ports. */
  List<Formula> wishes() {
    List<Formula> wishes = new ArrayList<>();
    if (addressed != logic.yes()) {
      wishes.add(addressed);
    }
    wishes.add(logic.not(isNew()));
    wishes.addAll(newNamespace.wishes());
    wishes.addAll(labels.wishes());
    ports.values().forEach(port -> wishes.add(logic.equal(port, 0)));
    return wishes;
  }

  /** That two pods in one new namespace, of a name that is known, find the same labels on it. */
  Formula agrees(UnknownPod other) {
    Formula oneName = logic.and(
        isNew(),
        other.isNew(),
        newNamespace.same(other.newNamespace, Namespace.NAME_LABEL),
        logic.not(newNamespace.isOther(Namespace.NAME_LABEL)));
    return logic.or(logic.not(oneName), newNamespace.same(other.newNamespace));
  }

  /**
   * The namespace of the pod in a model; made up if it is new.
   *
   * @param there namespaces that are there already, of which it is none unless its labels are the same
   */
  Namespace namespace(FormulaModel model, Map<String, Namespace> there) {
    int number = model.value(namespace);
    if (number < namespaces.size()) {
      return namespaces.get(number);
    }
    Map<String, String> read = newNamespace.read(model);
    String wanted = isFreelyNamed(model) ? "new" : String.valueOf(read.get(Namespace.NAME_LABEL));
    String free = wanted;
    for (int i = 2; ; i++) {
      read.put(Namespace.NAME_LABEL, free);
      Namespace made = new Namespace(free, Labels.of(read), true, Origin.NONE);
      Namespace known = there.get(free);
      if (known == null || known.labels().equals(made.labels())) {
        return made;
      }
      free = wanted + "-" + i;
    }
  }

  /** Whether its namespace is new in a model, and no policy asks for its name. */
  boolean isFreelyNamed(FormulaModel model) {
    return model.value(namespace) >= namespaces.size()
        && model.holds(newNamespace.isOther(Namespace.NAME_LABEL));
  }

  /** The pod in a model. */
  Workload read(FormulaModel model, Namespace in) {
    List<ContainerPort> declared = new ArrayList<>();
    ports.forEach((port, vector) -> {
      int number = model.value(vector);
      if (number > 0) {
        declared.add(new ContainerPort(port.name(), port.protocol(), number));
      }
    });
    String podName = "any-" + name;
    List<Pod> pods = new ArrayList<>();
    if (model.holds(addressed)) {
      Address at = Logic.address(family, model.number(address));
      pods.add(new Pod(podName, Optional.empty(), List.of(at), Origin.NONE));
    }
    return new Workload(
        in.name(),
        podName,
        "Pod",
        Labels.of(labels.read(model)),
        declared,
        false,
        pods,
        Origin.NONE);
  }
}
