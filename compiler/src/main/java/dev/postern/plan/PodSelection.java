package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.policy.NamespaceSelection;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which classes of pods a pair of selectors matches. Where there are many candidates, an index from label to classes (and from label to
 * namespaces) leaves only those that the narrowest {@code In} admits.
 */
final class PodSelection {

  /** Up to so many classes are looked at one by one. */
  private static final int FEW = 16;

  private final MentionedTerms mentions;
  private final List<Facts> facts;
  private final int firstNode;
  private final List<Namespace> namespaces;
  /** Class ranges of the namespaces, by their place: first, and after the last. */
  private final int[][] ranges;

  private final Map<String, Integer> placeOfNamespace = new HashMap<>();
  private final Map<String, Map<String, List<Integer>>> namespacesByLabel = new HashMap<>();
  private final Map<Query, ClassSet> known = new ConcurrentHashMap<>();
  /** By key number and then value number the classes that have the label, ascending; made when first needed. */
  private volatile int[][][] classesByLabel = {};

  private record Query(NamespaceSelection namespaces, Selector pods, boolean hostNetworkToo) {
    // What a record generates for these is linked at run time, which costs every start a
    // millisecond.
    @Override
    public boolean equals(Object other) {
      return other instanceof Query query
          && namespaces.equals(query.namespaces)
          && pods.equals(query.pods)
          && hostNetworkToo == query.hostNetworkToo;
    }

    @Override
    public int hashCode() {
      return (namespaces.hashCode() * 31 + pods.hashCode()) * 31 + Boolean.hashCode(hostNetworkToo);
    }
  }

  /** A requirement over numbers: key, then values, ascending. */
  private record Condition(Requirement.Operator operator, int key, int[] values) {

    boolean holds(int value) {
      return switch (operator) {
        case IN -> names(value);
        case NOT_IN -> !names(value);
        case EXISTS -> value >= 0;
        case DOES_NOT_EXIST -> value < 0;
      };
    }

    private boolean names(int value) {
      return Arrays.binarySearch(values, value) >= 0;
    }
  }

  /**
   * A selection among the classes with these facts.
   *
   * @param firstNode the first class that no selector matches
   * @param rangeOf by namespace its first class and the class after its last
   */
  PodSelection(
      Cluster cluster,
      MentionedTerms mentions,
      List<Facts> facts,
      int firstNode,
      Map<String, int[]> rangeOf) {
    this.mentions = mentions;
    this.facts = facts;
    this.firstNode = firstNode;
    this.namespaces = List.copyOf(cluster.namespaces().values());
    this.ranges = new int[namespaces.size()][];
    for (int place = 0; place < ranges.length; place++) {
      int own = place;
      Namespace namespace = namespaces.get(place);
      placeOfNamespace.put(namespace.name(), place);
      ranges[place] = rangeOf.getOrDefault(namespace.name(), new int[] {0, 0});
      namespace
          .labels()
          .forEach((key, value) -> namespacesByLabel
              .computeIfAbsent(key, k -> new HashMap<>())
              .computeIfAbsent(value, v -> new ArrayList<>(1))
              .add(own));
    }
  }

  ClassSet select(NamespaceSelection where, Selector pods, boolean hostNetworkToo) {
    if (where instanceof NamespaceSelection.Named named) {
      ClassSet.Builder builder = new ClassSet.Builder();
      int place = placeOfNamespace.getOrDefault(named.namespace(), -1);
      if (place >= 0) {
        addMatching(ranges[place], conditions(pods), hostNetworkToo, builder);
      }
      return builder.build();
    }
    Query query = new Query(where, pods, hostNetworkToo);
    ClassSet before = known.get(query);
    if (before != null) {
      return before;
    }
    ClassSet.Builder builder = new ClassSet.Builder();
    Selector selector = ((NamespaceSelection.Matching) where).selector();
    Condition[] conditions = conditions(pods);
    if (selector.isEverything()) {
      addMatching(new int[] {0, firstNode}, conditions, hostNetworkToo, builder);
    } else {
      for (int place : candidates(selector)) {
        if (selector.matches(namespaces.get(place).labels())) {
          addMatching(ranges[place], conditions, hostNetworkToo, builder);
        }
      }
    }
    ClassSet selected = builder.build();
    known.put(query, selected);
    return selected;
  }

  /** The places of the namespaces that the narrowest In of a selector admits, ascending; all if it has none. */
  private int[] candidates(Selector selector) {
    Optional<int[]> best = Optional.empty();
    for (Requirement requirement : selector.requirements()) {
      if (requirement.operator() == Requirement.Operator.IN) {
        Map<String, List<Integer>> byValue =
            namespacesByLabel.getOrDefault(requirement.key(), Map.of());
        int[] admitted = requirement.values().stream()
            .map(value -> byValue.getOrDefault(value, List.of()))
            .flatMap(Collection::stream)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
        if (best.isEmpty() || admitted.length < best.get().length) {
          best = Optional.of(admitted);
        }
      }
    }
    return best.orElseGet(() -> {
      int[] all = new int[namespaces.size()];
      Arrays.setAll(all, place -> place);
      return all;
    });
  }

  private Condition[] conditions(Selector selector) {
    List<Requirement> requirements = selector.requirements();
    Condition[] conditions = new Condition[requirements.size()];
    for (int i = 0; i < conditions.length; i++) {
      Requirement requirement = requirements.get(i);
      MentionedTerms.Key key = mentions.keys().get(requirement.key());
      if (key == null) {
        throw new IllegalArgumentException("no policy mentions the label " + requirement.key());
      }
      int[] values = new int[requirement.values().size()];
      for (int v = 0; v < values.length; v++) {
        values[v] = key.values().getOrDefault(requirement.values().get(v), -2);
      }
      Arrays.sort(values);
      conditions[i] = new Condition(requirement.operator(), key.number(), values);
    }
    return conditions;
  }

  private void addMatching(
      int[] range, Condition[] conditions, boolean hostNetworkToo, ClassSet.Builder builder) {
    int narrowest = range[1] - range[0] > FEW ? narrowest(conditions) : -1;
    if (narrowest < 0) {
      for (int number = range[0]; number < range[1]; number++) {
        if (matches(number, conditions, hostNetworkToo)) {
          builder.add(number);
        }
      }
      return;
    }
    int[] candidates = candidates(conditions[narrowest], range);
    for (int number : candidates) {
      if (matches(number, conditions, hostNetworkToo)) {
        builder.add(number);
      }
    }
  }

  private boolean matches(int number, Condition[] conditions, boolean hostNetworkToo) {
    Facts own = facts.get(number);
    if (own.hostNetwork() && !hostNetworkToo) {
      return false;
    }
    for (Condition condition : conditions) {
      if (!condition.holds(own.value(condition.key))) {
        return false;
      }
    }
    return true;
  }

  // --- classes by label

  /** The place of the In condition that the fewest classes meet; -1 if there is none. */
  private int narrowest(Condition[] conditions) {
    int best = -1;
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < conditions.length; i++) {
      if (conditions[i].operator == Requirement.Operator.IN) {
        long count = 0;
        for (int value : conditions[i].values) {
          count += having(conditions[i].key, value).length;
        }
        if (count < fewest) {
          fewest = count;
          best = i;
        }
      }
    }
    return best;
  }

  /** The classes of a range that meet an In condition, ascending. */
  private int[] candidates(Condition condition, int[] range) {
    int[] found = new int[8];
    int count = 0;
    for (int value : condition.values) {
      int[] having = having(condition.key, value);
      int at = Arrays.binarySearch(having, range[0]);
      for (int i = at >= 0 ? at : -at - 1; i < having.length && having[i] < range[1]; i++) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = having[i];
      }
    }
    found = Arrays.copyOf(found, count);
    if (condition.values.length > 1) {
      Arrays.sort(found);
    }
    return found;
  }

  private int[] having(int key, int value) {
    if (classesByLabel.length == 0) {
      classesByLabel = index();
    }
    return value < 0 ? new int[0] : classesByLabel[key][value];
  }

  private int[][][] index() {
    int[][][] index = new int[mentions.keys().size()][][];
    int[][] sizes = new int[index.length][];
    mentions.keys().values().forEach(key -> {
      index[key.number()] = new int[key.values().size() + 1][0];
      sizes[key.number()] = new int[key.values().size() + 1];
    });
    for (int number = 0; number < firstNode; number++) {
      int[] labels = facts.get(number).labels();
      for (int i = 0; i < labels.length; i += 2) {
        int[][] byValue = index[labels[i]];
        int value = labels[i + 1];
        int size = sizes[labels[i]][value]++;
        if (size == byValue[value].length) {
          byValue[value] = Arrays.copyOf(byValue[value], Math.max(4, 2 * size));
        }
        byValue[value][size] = number;
      }
    }
    for (int key = 0; key < index.length; key++) {
      for (int value = 0; value < index[key].length; value++) {
        index[key][value] = Arrays.copyOf(index[key][value], sizes[key][value]);
      }
    }
    return index;
  }
}
