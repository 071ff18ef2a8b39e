package dev.postern.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The classes of a later version of a cluster, numbered as if all its endpoints had been sorted anew, though only those that came since are:
 * what is said of a plan may take the classes in their order.
 */
final class LaterClasses {

  /** What is seen of the earlier classes by their numbers, and then of those that newcomers bring. */
  private final List<Facts> known;

  private final Map<String, int[]> namespaces = new LinkedHashMap<>();
  private final Map<String, int[]> earlierNamespaces;
  private final Map<String, List<Integer>> brought = new LinkedHashMap<>();
  private final List<Facts> facts = new ArrayList<>();
  private final int earlierSize;
  private final int earlierFirstNode;
  /** From this one on, those that newcomers bring are their node. */
  private int broughtNodes;

  private int firstNode;
  private boolean isSame = true;

  LaterClasses(List<Facts> earlier, int earlierFirstNode, Map<String, int[]> earlierNamespaces) {
    this.known = new ArrayList<>(earlier);
    this.earlierSize = earlier.size();
    this.earlierFirstNode = earlierFirstNode;
    this.earlierNamespaces = earlierNamespaces;
  }

  /**
   * By endpoint of the newcomers its class, by the earlier numbers, or one after them.
   *
   * @param pods the newcomers that selectors can see, and their classes among each other
   * @param nodes those that are their node, and their classes among each other, -1 for all others
   */
  int[] sorted(EndpointSorter pods, int[] classOfPods, EndpointSorter nodes, int[] classOfNodes) {
    int[] knownPods = new int[pods.facts().size()];
    pods.namespaces().forEach((namespace, range) -> {
      int[] here = earlierNamespaces.getOrDefault(namespace, new int[] {0, 0});
      for (int each = range[0]; each < range[1]; each++) {
        knownPods[each] = find(pods.facts().get(each), here[0], here[1]);
        if (knownPods[each] >= earlierSize) {
          brought.computeIfAbsent(namespace, name -> new ArrayList<>()).add(knownPods[each]);
        }
      }
    });
    this.broughtNodes = known.size();
    int[] knownNodes = nodes.facts().stream()
        .mapToInt(own -> find(own, earlierFirstNode, earlierSize))
        .toArray();
    int[] classOf = new int[classOfPods.length];
    for (int i = 0; i < classOf.length; i++) {
      classOf[i] = classOfNodes[i] < 0 ? knownPods[classOfPods[i]] : knownNodes[classOfNodes[i]];
    }
    return classOf;
  }

  private int find(Facts wanted, int from, int to) {
    for (int number = from; number < to; number++) {
      if (known.get(number).isSame(wanted)) {
        return number;
      }
    }
    known.add(wanted);
    return known.size() - 1;
  }

  /**
   * Numbers the classes by their first endpoints, first those that are no nodes.
   *
   * @param classOf by endpoint its class by the earlier numbers; afterwards by the later ones
   */
  void number(int[] classOf) {
    int[] later = new int[known.size()];
    Arrays.fill(later, -1);
    for (boolean nodes : new boolean[] {false, true}) {
      firstNode = nodes ? facts.size() : firstNode;
      for (int number : classOf) {
        if (later[number] < 0 && isNode(number) == nodes) {
          isSame &= number == facts.size();
          later[number] = facts.size();
          facts.add(known.get(number));
        }
      }
    }
    isSame &= facts.size() == earlierSize && known.size() == earlierSize;
    for (int endpoint = 0; endpoint < classOf.length; endpoint++) {
      classOf[endpoint] = later[classOf[endpoint]];
    }
    earlierNamespaces.forEach((namespace, range) -> {
      for (int number = range[0]; number < range[1]; number++) {
        widen(namespace, later[number]);
      }
    });
    brought.forEach(
        (namespace, numbers) -> numbers.forEach(number -> widen(namespace, later[number])));
  }

  private boolean isNode(int number) {
    return number >= broughtNodes || (number >= earlierFirstNode && number < earlierSize);
  }

  private void widen(String namespace, int number) {
    if (number >= 0) {
      int[] range = namespaces.computeIfAbsent(namespace, name -> new int[] {number, number + 1});
      range[0] = Math.min(range[0], number);
      range[1] = Math.max(range[1], number + 1);
    }
  }

  /** Whether they are the earlier ones, by the same numbers. */
  boolean isSame() {
    return isSame;
  }

  List<Facts> facts() {
    return facts;
  }

  /** The first class of pods that are their node. */
  int firstNode() {
    return firstNode;
  }

  /** By namespace its first class and the class after its last. */
  Map<String, int[]> namespaces() {
    return namespaces;
  }
}
