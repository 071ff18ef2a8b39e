package dev.postern.plan;

import dev.postern.algebra.Signatures;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts the endpoints of some workloads, in their order, into classes of equal namespace and {@link Facts}, numbered from 0 by first sight.
 * Classes of several namespaces can be sorted at the same time by several of these, since no class is in two namespaces.
 */
final class EndpointSorter {

  private static final int[] NOTHING = {};

  private final MentionedTerms mentions;
  private final Options options;
  private final EndpointList endpoints;
  private final PodAddresses addresses;
  private final Map<String, Integer> nodeLists;
  private final int[] classOf;

  private final Signatures signatures = new Signatures();
  private final List<Facts> facts = new ArrayList<>();
  /** By namespace its first class and the class after its last. */
  private final Map<String, int[]> namespaces = new LinkedHashMap<>();

  private final Map<List<String>, Kept[]> keptOfKeys = new IdentityHashMap<>();
  private final Signatures portLists = new Signatures();
  private List<ContainerPort> lastPorts = List.of();
  private final List<List<ContainerPort>> portsOfList = new ArrayList<>();
  private int lastPortList;

  private int[] buffer = new int[64];
  private int length;

  /** That the key at a place in a list of keys is mentioned. */
  private record Kept(int place, MentionedTerms.Key key, boolean presenceMatters) {}

  /**
   * Sorts nothing yet.
   *
   * @param nodeLists the number of the list of node selectors that match a node, by the node's name
   * @param classOf where to write the class of each endpoint
   */
  EndpointSorter(
      MentionedTerms mentions,
      Options options,
      EndpointList endpoints,
      PodAddresses addresses,
      Map<String, Integer> nodeLists,
      int[] classOf) {
    this.mentions = mentions;
    this.options = options;
    this.endpoints = endpoints;
    this.addresses = addresses;
    this.nodeLists = nodeLists;
    this.classOf = classOf;
    portLists.intern(NOTHING, 0);
    portsOfList.add(List.of());
  }

  List<Facts> facts() {
    return facts;
  }

  Map<String, int[]> namespaces() {
    return namespaces;
  }

  /** Sorts the pods of these workloads that selectors can see; the workloads must be all those of their namespaces. */
  EndpointSorter pods(int from, int to) {
    String namespace = "";
    for (int w = from; w < to; w++) {
      Workload workload = endpoints.workloads().get(w);
      if (isNode(workload)) {
        continue;
      }
      if (!workload.namespace().equals(namespace)) {
        namespace = workload.namespace();
        namespaces.put(namespace, new int[] {facts.size(), facts.size()});
      }
      length = 0;
      put(namespaces.size());
      put(workload.hostNetwork() ? 1 : 0);
      int portList = portList(workload.ports());
      put(portList);
      labels(workload.labels());
      sort(w, portsOfList.get(portList), false);
      range(namespace)[1] = facts.size();
    }
    return this;
  }

  private int[] range(String namespace) {
    return namespaces.getOrDefault(namespace, NOTHING);
  }

  /** Sorts the pods that are their node, of all workloads. */
  EndpointSorter nodes() {
    for (int w = 0; w < endpoints.workloads().size(); w++) {
      Workload workload = endpoints.workloads().get(w);
      if (isNode(workload)) {
        length = 0;
        sort(w, List.of(), true);
      }
    }
    return this;
  }

  private boolean isNode(Workload workload) {
    return workload.hostNetwork() && options.hostNetwork() == Options.HostNetwork.NODE;
  }

  /** Sorts the endpoints of a workload; what they share is in the buffer. */
  private void sort(int w, List<ContainerPort> ports, boolean isNode) {
    Workload workload = endpoints.workloads().get(w);
    int shared = length;
    int start = endpoints.start(w);
    int end = endpoints.start(w + 1);
    boolean alike = addresses.isTrivial() && !workload.hostNetwork();
    for (int i = start; i < end; i++) {
      if (alike && i > start) {
        classOf[i] = classOf[start];
        continue;
      }
      int addressList = addresses.listOf(i, isNode);
      int nodeList = workload.hostNetwork() && !mentions.nodes().isEmpty()
          ? endpoints
              .node(workload, i)
              .map(n -> nodeLists.getOrDefault(n, Facts.UNKNOWN_NODE))
              .orElse(Facts.UNKNOWN_NODE)
          : 0;
      length = shared;
      put(addressList);
      put(nodeList);
      classOf[i] = signatures.intern(buffer, length);
      if (classOf[i] == facts.size()) {
        int[] labels = isNode ? NOTHING : Arrays.copyOfRange(buffer, 3, shared);
        facts.add(new Facts(
            workload.hostNetwork(),
            labels,
            ports,
            addressList != PodAddresses.UNKNOWN,
            addresses.sets(addressList),
            nodeList));
      }
    }
  }

  private void put(int value) {
    if (length == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * length);
    }
    buffer[length++] = value;
  }

  /** Key and value numbers of the labels that some selector mentions, by key. */
  private void labels(Labels labels) {
    Kept[] kept = keptOfKeys.get(labels.keys());
    if (kept == null) {
      kept = kept(labels);
      keptOfKeys.put(labels.keys(), kept);
    }
    for (Kept label : kept) {
      Integer value = label.key.values().get(labels.value(label.place));
      if (value != null || label.presenceMatters) {
        put(label.key.number());
        put(value == null ? 0 : value);
      }
    }
  }

  private Kept[] kept(Labels labels) {
    List<Kept> kept = new ArrayList<>();
    for (int place = 0; place < labels.size(); place++) {
      MentionedTerms.Key key = mentions.keys().get(labels.key(place));
      if (key != null) {
        kept.add(new Kept(place, key, mentions.presenceMatters(key)));
      }
    }
    return kept.toArray(Kept[]::new);
  }

  /** Numbers the set of a workload's ports whose names some policy mentions. */
  private int portList(List<ContainerPort> ports) {
    if (ports == lastPorts || !mentions.anyPortName()) {
      return lastPortList;
    }
    long[] numbers = new long[ports.size()];
    int size = 0;
    for (ContainerPort port : ports) {
      int name = mentions.portName(port.name());
      if (name >= 0) {
        numbers[size++] = (long) name << 32 | port.protocol().ordinal() << 16 | port.number();
      }
    }
    Arrays.sort(numbers, 0, size);
    int[] halves = new int[2 * size];
    for (int i = 0; i < size; i++) {
      halves[2 * i] = (int) (numbers[i] >>> 32);
      halves[2 * i + 1] = (int) numbers[i];
    }
    lastPorts = ports;
    lastPortList = portLists.intern(halves, halves.length);
    if (lastPortList == portsOfList.size()) {
      portsOfList.add(
          ports.stream().filter(port -> mentions.portName(port.name()) >= 0).toList());
    }
    return lastPortList;
  }
}
