package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Ports;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sorts endpoints into classes and says which classes a selector, an address set or a node selector matches. An endpoint's signature is all
 * that any policy can see of it: namespace, mentioned labels, mentioned port names, the address sets that hold its address, and for pods
 * that are their node the node selectors that match it.
 */
final class Classification {

  private static final int[] NOTHING = {};

  private final Cluster cluster;
  private final Options options;
  private final Mentions mentions;
  private final Classes classes;

  private final Map<String, int[]> namespaceRanges = new HashMap<>();
  private final List<Facts> facts = new ArrayList<>();
  private final Map<AddressSet, ClassSet> addressSets = new HashMap<>();
  private final Map<Selector, ClassSet> nodeSets = new HashMap<>();
  private final Map<PodQuery, ClassSet> podSets = new HashMap<>();
  private final Map<Selector, List<String>> namespaceSets = new HashMap<>();

  /**
   * What the policies can see of the endpoints of a class.
   *
   * @param isNode whether they are their node, so that no selector matches them
   * @param hostNetwork whether they are on the host network; admin policies' selectors never match them
   * @param labels key and value numbers of mentioned labels
   * @param ports mentioned named ports
   * @param addressSets numbers of the address sets that match their address
   * @param nodeSelectors numbers of the node selectors that match their node
   */
  private record Facts(
      boolean isNode,
      boolean hostNetwork,
      int[] labels,
      List<ContainerPort> ports,
      int[] addressSets,
      int[] nodeSelectors) {}

  private record PodQuery(NamespaceSelection namespaces, Selector pods, boolean hostNetworkToo) {}

  static Classification of(Cluster cluster, Options options) {
    return new Classification(cluster, options);
  }

  private Classification(Cluster cluster, Options options) {
    this.cluster = cluster;
    this.options = options;
    this.mentions = Mentions.of(cluster.policies(), options);
    this.classes = classify();
  }

  Classes classes() {
    return classes;
  }

  // --- endpoints to classes

  private Classes classify() {
    AddressAtoms atoms = atoms();
    List<AddressSet> sets = List.copyOf(mentions.addresses().keySet());
    int[][] setsOfAtom = setsOfAtoms(atoms, sets);
    Map<String, int[]> selectorsOfNode = selectorsOfNodes();
    List<End.InPod> endpoints = Classes.endpointsOf(cluster);
    Numbering numbering = new Numbering();
    int[] classOf = new int[endpoints.size()];
    Optional<Workload> last = Optional.empty();
    int[] kept = NOTHING;
    List<ContainerPort> ports = List.of();
    String namespace = "";
    for (boolean nodes : new boolean[] {false, true}) {
      for (int i = 0; i < endpoints.size(); i++) {
        End.InPod endpoint = endpoints.get(i);
        Workload workload = endpoint.workload();
        boolean isNode =
            workload.hostNetwork() && options.hostNetwork() == Options.HostNetwork.NODE;
        if (isNode != nodes) {
          continue;
        }
        if (last.isEmpty() || last.get() != workload) {
          last = Optional.of(workload);
          kept = isNode ? NOTHING : kept(workload.labels());
          ports = isNode ? List.of() : mentionedPorts(workload);
        }
        if (!isNode && !workload.namespace().equals(namespace)) {
          namespace = workload.namespace();
          namespaceRanges.put(namespace, new int[] {facts.size(), facts.size()});
        }
        int[] addressSetsHere = endpoint
            .address()
            .map(a -> setsOf(setsOfAtom[atoms.atomOf(a)], sets, isNode))
            .orElse(NOTHING);
        int[] nodeSelectors = workload.hostNetwork()
            ? endpoint
                .pod()
                .flatMap(p -> p.node())
                .map(n -> selectorsOfNode.getOrDefault(n, NOTHING))
                .orElse(NOTHING)
            : NOTHING;
        Facts seen =
            new Facts(isNode, workload.hostNetwork(), kept, ports, addressSetsHere, nodeSelectors);
        classOf[i] = numbering.number(isNode ? -1 : namespaceRanges.size(), seen);
        if (classOf[i] == facts.size()) {
          facts.add(seen);
        }
        if (!isNode) {
          Objects.requireNonNull(namespaceRanges.get(namespace))[1] = facts.size();
        }
      }
    }
    Classes result = new Classes(
        endpoints,
        classOf,
        facts.size(),
        atoms,
        facts.stream().map(Facts::ports).toList());
    indexAddresses(result, sets);
    indexNodes(result);
    return result;
  }

  /** Gives endpoints with equal facts in the same namespace the same number. */
  private static final class Numbering {
    private final Signatures signatures = new Signatures();
    private final Signatures portLists = new Signatures();
    private final Map<ContainerPort, Integer> portNumbers = new HashMap<>();
    private int[] buffer = new int[64];
    private int length;

    int number(int namespace, Facts facts) {
      length = 0;
      put(namespace);
      put(facts.hostNetwork ? 1 : 0);
      put(facts.ports.isEmpty() ? -1 : portList(facts.ports));
      put(facts.labels);
      put(facts.addressSets);
      put(facts.nodeSelectors);
      return signatures.intern(buffer, length);
    }

    private int portList(List<ContainerPort> ports) {
      int[] sorted = new int[ports.size()];
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] = portNumbers.computeIfAbsent(ports.get(i), port -> portNumbers.size());
      }
      int[] distinct = Arrays.stream(sorted).sorted().distinct().toArray();
      return portLists.intern(distinct, distinct.length);
    }

    private void put(int value) {
      if (length == buffer.length) {
        buffer = Arrays.copyOf(buffer, 2 * length);
      }
      buffer[length++] = value;
    }

    private void put(int[] values) {
      put(values.length);
      for (int value : values) {
        put(value);
      }
    }
  }

  /** Key and value numbers of the labels that some selector mentions, by key number. */
  private int[] kept(Labels labels) {
    int[] kept = new int[2 * labels.size()];
    int size = 0;
    for (int i = 0; i < labels.size(); i++) {
      Mentions.Key key = mentions.keys().get(labels.key(i));
      if (key != null) {
        kept[size++] = key.number();
        kept[size++] = key.values().getOrDefault(labels.value(i), 0);
      }
    }
    return Arrays.copyOf(kept, size);
  }

  private List<ContainerPort> mentionedPorts(Workload workload) {
    if (!mentions.anyPortName()) {
      return List.of();
    }
    return workload.ports().stream()
        .filter(port -> mentions.mentionsPort(port.name()))
        .toList();
  }

  // --- addresses and nodes

  private AddressAtoms atoms() {
    Set<AddressSet> all = new LinkedHashSet<>(mentions.addresses().keySet());
    if (!mentions.nodes().isEmpty()) {
      cluster
          .nodes()
          .forEach(node -> node.addresses()
              .forEach(address -> all.add(AddressSet.of(new AddressRange(address, address)))));
    }
    return AddressAtoms.of(all);
  }

  /** For each atom the numbers of the address sets that hold it, ascending. */
  private static int[][] setsOfAtoms(AddressAtoms atoms, List<AddressSet> sets) {
    List<List<Integer>> opening = new ArrayList<>();
    List<List<Integer>> closing = new ArrayList<>();
    for (int atom = 0; atom <= atoms.size(); atom++) {
      opening.add(List.of());
      closing.add(List.of());
    }
    for (int set = 0; set < sets.size(); set++) {
      for (AddressRange range : sets.get(set).ranges()) {
        addAt(opening, atoms.atomOf(range.first()), set);
        addAt(closing, atoms.atomOf(range.last()) + 1, set);
      }
    }
    int[][] result = new int[atoms.size()][];
    Set<Integer> open = new TreeSet<>();
    for (int atom = 0; atom < atoms.size(); atom++) {
      closing.get(atom).forEach(open::remove);
      open.addAll(opening.get(atom));
      result[atom] = open.stream().mapToInt(Integer::intValue).toArray();
    }
    return result;
  }

  private static void addAt(List<List<Integer>> lists, int index, int value) {
    if (lists.get(index).isEmpty()) {
      lists.set(index, new ArrayList<>(2));
    }
    lists.get(index).add(value);
  }

  private int[] setsOf(int[] numbers, List<AddressSet> sets, boolean isNode) {
    if (isNode) {
      return numbers;
    }
    return Arrays.stream(numbers)
        .filter(n -> mentions.addresses().get(sets.get(n)))
        .toArray();
  }

  private Map<String, int[]> selectorsOfNodes() {
    Map<String, int[]> result = new HashMap<>();
    for (Node node : cluster.nodes()) {
      result.put(node.name(), selectorsOf(node));
    }
    return result;
  }

  private int[] selectorsOf(Node node) {
    return mentions.nodes().entrySet().stream()
        .filter(entry -> entry.getKey().matches(node.labels()))
        .mapToInt(Map.Entry::getValue)
        .sorted()
        .toArray();
  }

  private void indexAddresses(Classes result, List<AddressSet> sets) {
    List<ClassSet.Builder> builders = new ArrayList<>();
    sets.forEach(set -> builders.add(new ClassSet.Builder()));
    for (int number = 0; number < facts.size(); number++) {
      for (int set : facts.get(number).addressSets()) {
        builders.get(set).add(number);
      }
    }
    for (int i = 0; i < sets.size(); i++) {
      addressSets.put(sets.get(i), builders.get(i).build().union(result.outside(sets.get(i))));
    }
  }

  private void indexNodes(Classes result) {
    List<ClassSet> inside = new ArrayList<>();
    mentions.nodes().keySet().forEach(selector -> inside.add(ClassSet.EMPTY));
    for (int number = 0; number < facts.size(); number++) {
      for (int selector : facts.get(number).nodeSelectors()) {
        inside.set(selector, inside.get(selector).union(ClassSet.of(number)));
      }
    }
    mentions.nodes().forEach((selector, number) -> {
      List<Address> addresses = cluster.nodes().stream()
          .filter(n -> selector.matches(n.labels()))
          .flatMap(n -> n.addresses().stream())
          .toList();
      nodeSets.put(
          selector, inside.get(number).union(result.outside(AddressSet.ofAddresses(addresses))));
    });
  }

  // --- what a peer or subject matches

  /** Traffic by name on a class of destinations, as this kind of policy sees it: admin policies do not see pods on the host network. */
  Traffic named(PolicyKind kind, Ports.Named name, int number) {
    if (classes.isOutside(number)
        || (facts.get(number).hostNetwork() && kind != PolicyKind.NETWORK_POLICY)) {
      return Traffic.NONE;
    }
    Traffic traffic = Traffic.NONE;
    for (ContainerPort port : facts.get(number).ports()) {
      if (port.name().equals(name.name())
          && (name.protocol().isEmpty() || name.protocol().get() == port.protocol())) {
        traffic = traffic.union(Traffic.of(port.protocol(), PortSet.of(port.number())));
      }
    }
    return traffic;
  }

  /** The classes that hold these addresses: outside, and those pods that such a peer may match. */
  ClassSet addresses(AddressSet addresses, boolean matchPods) {
    ClassSet all = addressSets.getOrDefault(addresses, ClassSet.EMPTY);
    if (matchPods) {
      return all;
    }
    // An equal set that does match pods may have put pods into the index.
    ClassSet.Builder nodes = new ClassSet.Builder();
    all.intersect(classes.insiders()).stream()
        .filter(number -> facts.get(number).isNode())
        .forEach(nodes::add);
    return all.intersect(classes.outsiders()).union(nodes.build());
  }

  /** The classes that are nodes with matching labels, by address or on their host network. */
  ClassSet nodes(Selector selector) {
    return nodeSets.getOrDefault(selector, ClassSet.EMPTY);
  }

  /** The classes of pods that a subject or peer of this kind of policy selects. */
  ClassSet pods(PolicyKind kind, NamespaceSelection namespaces, Selector pods) {
    return podSets.computeIfAbsent(
        new PodQuery(namespaces, pods, kind == PolicyKind.NETWORK_POLICY), this::select);
  }

  private ClassSet select(PodQuery query) {
    Optional<int[][]> requirements = compile(query.pods);
    if (requirements.isEmpty()) {
      return ClassSet.EMPTY;
    }
    ClassSet.Builder builder = new ClassSet.Builder();
    for (String namespace : namespaces(query.namespaces)) {
      int[] range = namespaceRanges.get(namespace);
      if (range == null) {
        continue;
      }
      for (int number = range[0]; number < range[1]; number++) {
        if ((query.hostNetworkToo || !facts.get(number).hostNetwork())
            && matches(requirements.get(), query.pods, facts.get(number).labels())) {
          builder.add(number);
        }
      }
    }
    return builder.build();
  }

  private List<String> namespaces(NamespaceSelection selection) {
    if (selection instanceof NamespaceSelection.Matching matching) {
      return namespaceSets.computeIfAbsent(
          matching.selector(),
          selector -> cluster.namespaces().values().stream()
              .filter(namespace -> selector.matches(namespace.labels()))
              .map(Namespace::name)
              .toList());
    }
    return List.of(((NamespaceSelection.Named) selection).namespace());
  }

  /** For each requirement its key number and then its value numbers. */
  private Optional<int[][]> compile(Selector selector) {
    int[][] compiled = new int[selector.requirements().size()][];
    for (int i = 0; i < compiled.length; i++) {
      Requirement requirement = selector.requirements().get(i);
      Mentions.Key key = mentions.keys().get(requirement.key());
      if (key == null) {
        return Optional.empty();
      }
      int[] numbers = new int[1 + requirement.values().size()];
      numbers[0] = key.number();
      for (int v = 0; v < requirement.values().size(); v++) {
        numbers[v + 1] =
            Objects.requireNonNull(key.values().get(requirement.values().get(v)));
      }
      compiled[i] = numbers;
    }
    return Optional.of(compiled);
  }

  private static boolean matches(int[][] compiled, Selector selector, int[] labels) {
    for (int i = 0; i < compiled.length; i++) {
      int value = value(labels, compiled[i][0]);
      boolean named = false;
      for (int v = 1; v < compiled[i].length; v++) {
        named |= compiled[i][v] == value;
      }
      boolean holds = switch (selector.requirements().get(i).operator()) {
        case IN -> named;
        case NOT_IN -> !named;
        case EXISTS -> value >= 0;
        case DOES_NOT_EXIST -> value < 0;
      };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  /** The value's number, 0 for one that no selector names, -1 without the label. */
  private static int value(int[] labels, int key) {
    for (int i = 0; i < labels.length; i += 2) {
      if (labels[i] == key) {
        return labels[i + 1];
      }
    }
    return -1;
  }
}
