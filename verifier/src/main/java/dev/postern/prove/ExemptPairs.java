package dev.postern.prove;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.deadline.Deadline;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Address;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which pairs of address classes hold pairs of addresses that no policy is about: a pod and itself, a pod and the node it runs on. Found
 * from the cluster as the definition says it.
 */
final class ExemptPairs {

  /**
   * A pair of classes with such a pair of addresses.
   *
   * @param all whether every pair of addresses between them is one
   * @param source an example
   * @param destination an example
   */
  record Pair(Exemption exemption, boolean all, Address source, Address destination) {}

  private final AddressClasses addresses;
  private final Map<Integer, Map<Integer, Pair>> bySource = new HashMap<>();
  private final Map<Integer, Map<Integer, Pair>> byDestination = new HashMap<>();

  ExemptPairs(Plan plan, AddressClasses addresses) {
    this.addresses = addresses;
    Map<String, Set<Address>> nodes =
        plan.options().nodeTrafficPasses() ? nodes(plan.cluster(), plan) : Map.of();
    for (int number = 0; number < addresses.size(); number++) {
      Deadline.current().check();
      if (addresses.isPoliced(number)) {
        Address first = addresses.ranges(number).get(0).first();
        put(number, number, new Pair(Exemption.SAME_POD, addresses.isSingle(number), first, first));
        if (!nodes.isEmpty()) {
          ownNode(number, nodes);
        }
      }
    }
  }

  /** The addresses of each node: its own that no pod has, and those of pods that are known to be on its network. */
  private Map<String, Set<Address>> nodes(Cluster cluster, Plan plan) {
    Map<String, Set<Address>> nodes = new HashMap<>();
    for (Node node : cluster.nodes()) {
      node.addresses().stream()
          .filter(address -> addresses.podsAt(address).isEmpty())
          .forEach(address -> put(nodes, node.name(), address));
    }
    for (End.InPod end : plan.classes().endpoints()) {
      if (end.workload().hostNetwork()
          && nodeOf(end).isPresent()
          && end.address().isPresent()) {
        put(nodes, nodeOf(end).get(), end.address().get());
      }
    }
    return nodes;
  }

  private void put(Map<String, Set<Address>> nodes, String node, Address address) {
    if (address.family() == addresses.family) {
      nodes.computeIfAbsent(node, n -> new HashSet<>()).add(address);
    }
  }

  private static Optional<String> nodeOf(End.InPod end) {
    return end.pod().flatMap(pod -> pod.node());
  }

  /** Pairs of the pods of a class with the classes of their nodes' addresses, both ways. */
  private void ownNode(int number, Map<String, Set<Address>> nodes) {
    Map<Integer, Pair> found = new TreeMap<>();
    Map<Integer, Integer> times = new HashMap<>();
    List<Address> members = new ArrayList<>();
    addresses.ranges(number).forEach(range -> members.add(range.first()));
    for (Address member : members) {
      Set<Integer> reached = new HashSet<>();
      for (End.InPod pod : addresses.podsAt(member)) {
        for (Address node : nodes.getOrDefault(nodeOf(pod).orElse(""), Set.of())) {
          int other = addresses.classOf(node);
          found.putIfAbsent(other, new Pair(Exemption.OWN_NODE, false, member, node));
          reached.add(other);
        }
      }
      reached.forEach(other -> times.merge(other, 1, Integer::sum));
    }
    found.forEach((other, pair) -> {
      if (other == number) {
        return;
      }
      boolean all = times.get(other) == members.size() && isOneNode(other, nodes);
      put(number, other, new Pair(Exemption.OWN_NODE, all, pair.source(), pair.destination()));
      put(other, number, new Pair(Exemption.OWN_NODE, all, pair.destination(), pair.source()));
    });
  }

  /** Whether every address of a class belongs to the same node: then one that a pod's node has is all of them. */
  private boolean isOneNode(int number, Map<String, Set<Address>> nodes) {
    Set<String> names = new HashSet<>();
    boolean plain = addresses.ranges(number).stream()
        .allMatch(range -> range.first().equals(range.last())
            && nodes.entrySet().stream()
                    .filter(entry -> entry.getValue().contains(range.first()))
                    .peek(entry -> names.add(entry.getKey()))
                    .count()
                == 1);
    return plain && names.size() == 1;
  }

  private void put(int source, int destination, Pair pair) {
    bySource.computeIfAbsent(source, s -> new TreeMap<>()).put(destination, pair);
    byDestination.computeIfAbsent(destination, d -> new TreeMap<>()).put(source, pair);
  }

  /** The exempt pairs of a source, by destination. */
  Map<Integer, Pair> from(int source) {
    return bySource.getOrDefault(source, Map.of());
  }

  /** The exempt pairs of a destination, by source. */
  Map<Integer, Pair> to(int destination) {
    return byDestination.getOrDefault(destination, Map.of());
  }

  /** Pairs by class of the source, each class at most once in each, so that together they are all. */
  List<int[]> pairings(Exemption exemption, boolean reversed) {
    List<int[]> pairings = new ArrayList<>();
    (reversed ? byDestination : bySource).forEach((number, others) -> {
      int turn = 0;
      for (Map.Entry<Integer, Pair> other : others.entrySet()) {
        boolean wanted = other.getValue().exemption() == exemption
            && (exemption == Exemption.SAME_POD || addresses.isPoliced(number));
        if (wanted) {
          if (turn == pairings.size()) {
            int[] partners = new int[addresses.size()];
            Arrays.fill(partners, -1);
            pairings.add(partners);
          }
          pairings.get(turn++)[number] = other.getKey();
        }
      }
    });
    return pairings;
  }

  /** The pairs between which every packet is exempt. */
  int everyPacket(Fields fields) {
    Map<Integer, Integer> ends = new TreeMap<>();
    bySource.forEach((source, others) -> {
      int[] exempt = others.entrySet().stream()
          .filter(other -> other.getValue().all())
          .mapToInt(Map.Entry::getKey)
          .sorted()
          .toArray();
      if (exempt.length > 0) {
        ends.put(source, fields.destinations(AddressClasses.runs(exempt, exempt.length)));
      }
    });
    return fields.pairs(ends);
  }

  Optional<Pair> pair(int source, int destination) {
    return Optional.ofNullable(from(source).get(destination));
  }
}
