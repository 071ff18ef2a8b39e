package dev.postern.openworld;

import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Selectors as what they say key by key. */
final class Selectors {
  private Selectors() {}

  private static TreeMap<String, Values> byKey(List<Requirement> requirements) {
    TreeMap<String, Values> all = new TreeMap<>();
    for (Requirement requirement : requirements) {
      all.merge(requirement.key(), Values.of(requirement), Values::intersect);
    }
    return all;
  }

  /** The plainest selector that these together say; they must not contradict each other. */
  static Selector of(List<Requirement> requirements) {
    List<Requirement> plain = new ArrayList<>();
    byKey(requirements)
        .forEach((key, values) -> plain.addAll(values.requirements(key).orElseThrow()));
    return new Selector(plain);
  }

  /** What either says, if they differ in one key and one selector can say it. */
  static Optional<Selector> union(Selector one, Selector other) {
    TreeMap<String, Values> ones = byKey(one.requirements());
    TreeMap<String, Values> others = byKey(other.requirements());
    TreeMap<String, Values> keys = new TreeMap<>(ones);
    keys.putAll(others);
    List<String> different = keys.keySet().stream()
        .filter(
            key -> !ones.getOrDefault(key, Values.ANY).equals(others.getOrDefault(key, Values.ANY)))
        .toList();
    if (different.size() != 1) {
      return Optional.empty();
    }
    String key = different.get(0);
    Values both = ones.getOrDefault(key, Values.ANY).union(others.getOrDefault(key, Values.ANY));
    List<Requirement> all = new ArrayList<>(one.requirements());
    all.removeIf(requirement -> requirement.key().equals(key));
    return both.requirements(key).map(own -> {
      all.addAll(own);
      return new Selector(all);
    });
  }
}
