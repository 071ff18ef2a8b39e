package dev.postern.selector;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which of several selectors can match one object together, whatever its labels are. Exact: keys are independent of each other, and a label
 * may have a value that no selector names.
 */
public final class JointMatches {

  /** Selectors that differ in so many ways are not told apart. */
  private static final int LIMIT = 4096;

  private JointMatches() {}

  /**
   * Each set of those selectors that some labels meet while they meet none of the others.
   *
   * @return at least one set; empty if there are more than 4,096, since their number doubles with each selector that is independent of the
   *     others
   */
  public static Optional<Set<Set<Selector>>> of(Collection<Selector> selectors) {
    List<Selector> all = List.copyOf(new LinkedHashSet<>(selectors));
    Map<String, List<Integer>> byKey = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      for (Requirement requirement : all.get(i).requirements()) {
        byKey.computeIfAbsent(requirement.key(), key -> new ArrayList<>()).add(i);
      }
    }
    BitSet every = new BitSet();
    every.set(0, all.size());
    Set<BitSet> met = Set.of(every);
    for (Map.Entry<String, List<Integer>> key : byKey.entrySet()) {
      Set<BitSet> refused = new LinkedHashSet<>();
      for (Labels labels : labels(key.getKey(), key.getValue(), all)) {
        refused.add(refused(key.getKey(), new LinkedHashSet<>(key.getValue()), all, labels));
      }
      Set<BitSet> next = new LinkedHashSet<>();
      for (BitSet before : met) {
        for (BitSet gone : refused) {
          BitSet left = (BitSet) before.clone();
          left.andNot(gone);
          next.add(left);
        }
        if (next.size() > LIMIT) {
          return Optional.empty();
        }
      }
      met = next;
    }
    return Optional.of(met.stream()
        .map(set -> set.stream().mapToObj(all::get).collect(Collectors.toUnmodifiableSet()))
        .collect(Collectors.toUnmodifiableSet()));
  }

  /** The labels with one key that requirements can tell apart: without it, with each value that is named, and with another. */
  private static List<Labels> labels(String key, List<Integer> mentioning, List<Selector> all) {
    Set<String> values = new TreeSet<>();
    for (int i : mentioning) {
      all.get(i).requirements().stream()
          .filter(requirement -> requirement.key().equals(key))
          .forEach(requirement -> values.addAll(requirement.values()));
    }
    values.add(values.stream()
            .reduce("", (one, other) -> one.length() > other.length() ? one : other)
        + "-");
    List<Labels> labels = new ArrayList<>(List.of(Labels.NONE));
    values.forEach(value -> labels.add(Labels.of(Map.of(key, value))));
    return labels;
  }

  private static BitSet refused(
      String key, Set<Integer> mentioning, List<Selector> all, Labels labels) {
    BitSet refused = new BitSet();
    for (int i : mentioning) {
      refused.set(
          i,
          all.get(i).requirements().stream()
              .filter(requirement -> requirement.key().equals(key))
              .anyMatch(requirement -> !requirement.matches(labels)));
    }
    return refused;
  }
}
