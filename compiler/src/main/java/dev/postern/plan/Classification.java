package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Signatures;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Node;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Sorts endpoints into classes and says which classes a selector, an address set or a node selector matches. An endpoint's signature is all
 * that any policy can see of it: namespace, mentioned labels, mentioned port names, the address sets that hold its address, and for pods
 * that are their node the node selectors that match it.
 */
final class Classification {

  /** From so many workloads on the work is shared with a second thread. */
  private static final int MANY = 10_000;

  private final Cluster cluster;
  private final MentionedTerms mentions;
  private final Classes classes;
  private final List<Facts> facts;
  private final PodSelection selection;
  /** Classes from this one on are pods that are their node. */
  private final int firstNode;

  private final Options options;

  private final List<AddressSet> sets;
  private final Map<String, Integer> nodeLists;
  /** By namespace its first class and the class after its last. */
  private final Map<String, int[]> namespaces;

  private final Map<AddressSet, ClassSet> addressSets;
  private final Signatures nodeSelectorLists;
  private final Map<Selector, ClassSet> nodeSets;
  private ClassSet withoutAddress = ClassSet.EMPTY;
  private ClassSet withoutNode = ClassSet.EMPTY;

  static Classification of(Cluster cluster, Options options) {
    return new Classification(cluster, options);
  }

  private Classification(Cluster cluster, Options options) {
    this.cluster = cluster;
    this.options = options;
    this.facts = new ArrayList<>();
    this.addressSets = new HashMap<>();
    this.nodeSelectorLists = new Signatures();
    this.nodeSets = new HashMap<>();
    this.namespaces = new LinkedHashMap<>();
    // Neither needs the other, and both read all of a large cluster for the first time.
    CompletableFuture<EndpointList> listed = cluster.workloads().size() < MANY
        ? CompletableFuture.completedFuture(new EndpointList(cluster.workloads()))
        : CompletableFuture.supplyAsync(() -> new EndpointList(cluster.workloads()));
    this.mentions = MentionedTerms.of(cluster.policies(), options);
    this.sets = List.copyOf(mentions.addresses().keySet());
    AddressAtoms atoms = atoms();
    EndpointList endpoints = listed.join();
    PodAddresses addresses = new PodAddresses(endpoints, atoms, sets, matchPods());
    this.nodeLists = nodeLists();
    int[] classOf = new int[endpoints.size()];
    int[] cuts = cuts();
    List<EndpointSorter> parts = ParallelWork.map(
        cuts.length - 1,
        endpoints.size(),
        i -> new EndpointSorter(mentions, options, endpoints, addresses, nodeLists, classOf)
            .pods(cuts[i], cuts[i + 1]));
    for (int i = 0; i < parts.size(); i++) {
      int offset = facts.size();
      if (offset > 0) {
        for (int e = endpoints.start(cuts[i]); e < endpoints.start(cuts[i + 1]); e++) {
          classOf[e] += offset;
        }
      }
      parts
          .get(i)
          .namespaces()
          .forEach((namespace, range) ->
              namespaces.put(namespace, new int[] {range[0] + offset, range[1] + offset}));
      facts.addAll(parts.get(i).facts());
    }
    this.firstNode = facts.size();
    int[] nodeClass = new int[endpoints.size()];
    Arrays.fill(nodeClass, -1);
    facts.addAll(new EndpointSorter(mentions, options, endpoints, addresses, nodeLists, nodeClass)
        .nodes()
        .facts());
    for (int e = 0; e < nodeClass.length; e++) {
      if (nodeClass[e] >= 0) {
        classOf[e] = firstNode + nodeClass[e];
      }
    }
    this.classes = new Classes(endpoints, classOf, facts.size(), atoms);
    this.selection = new PodSelection(cluster, mentions, facts, firstNode, namespaces);
    indexAddresses();
    indexNodes();
  }

  /** What an earlier one knows, about the endpoints of a later version of the cluster. */
  private Classification(
      Classification earlier,
      Cluster cluster,
      EndpointList endpoints,
      int[] classOf,
      LaterClasses later) {
    this.cluster = cluster;
    this.options = earlier.options;
    this.mentions = earlier.mentions;
    this.sets = earlier.sets;
    this.nodeLists = earlier.nodeLists;
    this.nodeSelectorLists = earlier.nodeSelectorLists;
    this.facts = later.facts();
    this.firstNode = later.firstNode();
    this.namespaces = later.namespaces();
    this.classes = new Classes(endpoints, classOf, facts.size(), earlier.classes.atoms());
    if (later.isSame()) {
      this.selection = earlier.selection;
      this.addressSets = earlier.addressSets;
      this.nodeSets = earlier.nodeSets;
      this.withoutAddress = earlier.withoutAddress;
      this.withoutNode = earlier.withoutNode;
    } else {
      this.selection = new PodSelection(cluster, mentions, facts, firstNode, namespaces);
      this.addressSets = new HashMap<>();
      this.nodeSets = new HashMap<>();
      indexAddresses();
      indexNodes();
    }
  }

  /**
   * What sorting all endpoints of a later version of the cluster anew would come to, of which only those are sorted that came since.
   *
   * @param later with equal namespaces and nodes
   * @param newcomers those that came
   */
  Classification with(Cluster later, AddedWorkloads newcomers) {
    EndpointList endpoints = new EndpointList(newcomers.workloads());
    PodAddresses addresses = new PodAddresses(endpoints, classes.atoms(), sets, matchPods());
    int[] classOfPods = new int[endpoints.size()];
    int[] classOfNodes = new int[endpoints.size()];
    Arrays.fill(classOfNodes, -1);
    LaterClasses found = new LaterClasses(facts, firstNode, namespaces);
    int[] classOf = newcomers.among(found.sorted(
        new EndpointSorter(mentions, options, endpoints, addresses, nodeLists, classOfPods)
            .pods(0, newcomers.workloads().size()),
        classOfPods,
        new EndpointSorter(mentions, options, endpoints, addresses, nodeLists, classOfNodes)
            .nodes(),
        classOfNodes));
    found.number(classOf);
    return new Classification(this, later, newcomers.endpoints(), classOf, found);
  }

  /** Whether another one has the same classes by the same numbers, so that what is said of these classes is said of its. */
  boolean hasClassesOf(Classification other) {
    return selection == other.selection;
  }

  Classes classes() {
    return classes;
  }

  /**
   * Whether these classes serve other policies as their own would: they tell apart what the others can, and cut the world outside in the same
   * places. Inside they may tell more apart than is needed, which changes no answer.
   *
   * @param later the others, of the same cluster
   * @param removed those of this cluster that are not among them
   * @param added those of them that are not in this cluster
   */
  boolean serves(List<Policy> later, List<Policy> removed, List<Policy> added) {
    MentionedTerms more = MentionedTerms.of(added, options);
    if (!mentions.holds(more)) {
      return false;
    }
    MentionedTerms gone = MentionedTerms.of(removed, options);
    boolean stay = more.holdsAddresses(gone)
        && more.nodes().keySet().containsAll(gone.nodes().keySet());
    return stay || mentions.cutsOutsideAs(MentionedTerms.of(later, options));
  }

  /** Whether these classes tell apart what other policies can. */
  boolean tellsApart(List<Policy> others) {
    return mentions.holds(MentionedTerms.of(others, options));
  }

  /** Whether it is known of every pod where it is, as far as policies ask for that. */
  boolean hasPlaces() {
    return withoutAddress.isEmpty() && withoutNode.isEmpty();
  }

  /** The classes of a namespace's pods that selectors can see. */
  ClassSet in(String namespace) {
    return selection.select(new NamespaceSelection.Named(namespace), Selector.EVERYTHING, true);
  }

  /** Where to cut the workloads into parts that are sorted apart: between namespaces. */
  private int[] cuts() {
    List<Workload> all = cluster.workloads();
    int middle = all.size() / 2;
    while (middle > 0
        && middle < all.size()
        && all.get(middle).namespace().equals(all.get(middle - 1).namespace())) {
      middle++;
    }
    return all.size() < MANY || middle == all.size()
        ? new int[] {0, all.size()}
        : new int[] {0, middle, all.size()};
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

  private boolean[] matchPods() {
    boolean[] match = new boolean[sets.size()];
    for (int set = 0; set < match.length; set++) {
      match[set] = mentions.addresses().getOrDefault(sets.get(set), false);
    }
    return match;
  }

  /** By node the number of the list of node selectors that match it; 0 is the empty list. */
  private Map<String, Integer> nodeLists() {
    nodeSelectorLists.intern(new int[0], 0);
    Map<String, Integer> lists = new HashMap<>();
    for (Node node : cluster.nodes()) {
      int[] matching = mentions.nodes().entrySet().stream()
          .filter(entry -> entry.getKey().matches(node.labels()))
          .mapToInt(Map.Entry::getValue)
          .sorted()
          .toArray();
      lists.put(node.name(), nodeSelectorLists.intern(matching, matching.length));
    }
    return lists;
  }

  private void indexAddresses() {
    ClassSet.Builder[] inside = new ClassSet.Builder[sets.size()];
    ClassSet.Builder unknown = new ClassSet.Builder();
    for (int number = 0; number < facts.size(); number++) {
      if (!facts.get(number).isAddressKnown()) {
        unknown.add(number);
      }
      for (int set : facts.get(number).addressSets()) {
        if (inside[set] == null) {
          inside[set] = new ClassSet.Builder();
        }
        inside[set].add(number);
      }
    }
    for (int i = 0; i < inside.length; i++) {
      ClassSet outside = classes.outside(sets.get(i));
      addressSets.put(
          sets.get(i), inside[i] == null ? outside : inside[i].build().union(outside));
    }
    this.withoutAddress = unknown.build();
  }

  private void indexNodes() {
    List<ClassSet.Builder> inside = new ArrayList<>();
    mentions.nodes().keySet().forEach(selector -> inside.add(new ClassSet.Builder()));
    ClassSet.Builder unknown = new ClassSet.Builder();
    for (int number = 0; number < facts.size(); number++) {
      if (facts.get(number).nodeList() == Facts.UNKNOWN_NODE) {
        unknown.add(number);
        continue;
      }
      for (int selector : nodeSelectorLists.get(facts.get(number).nodeList())) {
        inside.get(selector).add(number);
      }
    }
    this.withoutNode = unknown.build();
    mentions.nodes().forEach((selector, number) -> {
      List<Address> addresses = cluster.nodes().stream()
          .filter(n -> selector.matches(n.labels()))
          .flatMap(n -> n.addresses().stream())
          .toList();
      ClassSet outside = classes.outside(AddressSet.ofAddresses(addresses));
      nodeSets.put(selector, inside.get(number).build().union(outside));
    });
  }

  // --- what a peer or subject matches

  /** Traffic by name on a class of destinations, as this kind of policy sees it: admin policies do not see pods on the host network. */
  Traffic named(PolicyKind kind, Ports.Named name, int number) {
    if (classes.isOutside(number)
        || (facts.get(number).hostNetwork() && options.hostNetworkIsNode(kind))) {
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
    // An equal set that does match pods may have put pods into the index.
    return matchPods ? all : all.minus(ClassSet.range(0, firstNode));
  }

  /** The classes of pods of which no address is known; only of those that are their node, unless others are wanted as well. */
  ClassSet withoutAddress(boolean podsToo) {
    return podsToo ? withoutAddress : withoutAddress.minus(ClassSet.range(0, firstNode));
  }

  /** The classes of pods on the host network of a node that is not known. */
  ClassSet withoutNode() {
    return withoutNode;
  }

  /** The classes that are nodes with matching labels, by address or on their host network. */
  ClassSet nodes(Selector selector) {
    return nodeSets.getOrDefault(selector, ClassSet.EMPTY);
  }

  /** The classes of pods that a subject or peer of this kind of policy selects. */
  ClassSet pods(PolicyKind kind, NamespaceSelection namespaces, Selector pods) {
    return selection.select(namespaces, pods, !options.hostNetworkIsNode(kind));
  }
}
